/// A value that knows its weight, so that channels can be bounded in bytes.
public protocol Weighed: Sendable {
    /// The weight in bytes, as far as it can be told cheaply.
    var byteCount: Int { get }
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

/// What crosses an edge: a batch of work, a barrier, or the end.
public enum Flow<Batch: Weighed>: Sendable {
    /// Work.
    case batch(Batch)
    /// A cut; all batches before it are complete when it arrives.
    case barrier(Barrier)
    /// Nothing more comes.
    case end
}

/// The sequence type of every edge.
public typealias FlowSequence<Batch: Weighed> = any AsyncSequence<Flow<Batch>, any Error> & Sendable

/// One operator of the topology: a function from one async sequence to another.
///
/// A stage passes every barrier on, after all results of the batches before it, and `end` after everything else.
public protocol Stage<Input, Output>: Sendable {
    /// What it takes.
    associatedtype Input: Weighed
    /// What it gives.
    associatedtype Output: Weighed

    /// The results of an upstream sequence. Called once.
    func results(of upstream: any AsyncSequence<Flow<Input>, any Error> & Sendable)
        -> any AsyncSequence<Flow<Output>, any Error> & Sendable
}
