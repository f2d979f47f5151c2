/// Makes larger or smaller batches from those received, for a stage that works best on one size.
public protocol Regrouping<Batch>: Sendable {
    /// The type of the batches that it groups.
    associatedtype Batch: Weighed

    /// Takes a batch; returns the regrouped batches that are complete.
    mutating func take(_ batch: Batch) -> [Batch]
    /// The remaining batches, taken before a barrier and at the end.
    mutating func flush() -> [Batch]
}
