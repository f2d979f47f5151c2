/// Gathers batches and gives others in their place, for a stage that works best on one size.
public protocol Regrouping<Batch>: Sendable {
    /// The type of the batches that it groups.
    associatedtype Batch: Weighed

    /// Whether there is nothing to give.
    var isEmpty: Bool { get }
    /// Whether what is gathered is enough for a batch of full size.
    var isFull: Bool { get }
    /// Gathers a batch.
    mutating func gather(_ batch: Batch)
    /// The next batch, of full size if there is enough for that; `nil` if there is nothing.
    mutating func take() -> Batch?
}
