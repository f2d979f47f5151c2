/// A value that knows its weight, so that channels can be bounded in bytes.
public protocol Weighed: Sendable {
    /// The weight in bytes, as far as it can be told cheaply.
    var byteCount: Int { get }
    /// How much it counts for where what flows is counted: its documents, tokens or results; by default one.
    var elementCount: Int { get }
}

extension Weighed {
    /// One, of whatever counts for itself.
    public var elementCount: Int { 1 }
}

/// A cut through the stream: everything before it belongs to its epoch's checkpoint, nothing after it does.
public struct Barrier: Sendable, Hashable {
    /// The number of the checkpoint, ascending within a state directory.
    public let epoch: UInt64
    /// Whether the sources had nothing more to read when it was injected.
    public let isCaughtUp: Bool

    /// Makes a barrier.
    public init(epoch: UInt64, isCaughtUp: Bool) {
        self.epoch = epoch
        self.isCaughtUp = isCaughtUp
    }
}

/// An element that crosses an edge: a batch of work or a barrier; the end of the sequence is the end of the edge.
public enum Flow<Batch: Weighed>: Sendable {
    /// Work.
    case batch(Batch)
    /// A cut; all batches before it are complete when it arrives.
    case barrier(Barrier)

    /// The weight in bytes: that of a batch, and nothing for a barrier.
    public var weight: Int {
        switch self {
        case .batch(let batch): batch.byteCount
        case .barrier: 0
        }
    }
}

/// One operator of the topology: it receives from one port and sends into another.
///
/// A stage passes every barrier on, after all results of the batches before it, and returns after its input has ended and all
/// results have been sent. An error that it throws ends the topology.
public protocol Stage<Input, Output>: Sendable {
    /// The type of its input.
    associatedtype Input: Weighed
    /// The type of its output.
    associatedtype Output: Weighed

    /// Works until the input ends. Called once.
    func run(from input: InputPort<Input>, into output: OutputPort<Output>) async throws
}
