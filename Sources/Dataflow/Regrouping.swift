/// Makes larger or smaller batches of those that come, for a stage that works best on one size.
public protocol Regrouping<Batch>: Sendable {
    /// What it groups.
    associatedtype Batch: Weighed

    /// Takes a batch; returns those that are whole by now.
    mutating func take(_ batch: Batch) -> [Batch]
    /// What is left, before a barrier and at the end.
    mutating func flush() -> [Batch]
}
