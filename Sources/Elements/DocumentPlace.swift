/// Where a document's partition stands after each of its contexts, so that a checkpoint need not wait for a whole document.
public struct DocumentPlace: Sendable, Hashable {
    /// The fence after the whole document.
    public let after: Fence
    /// The document itself, as a fence within it names it.
    public let record: Fence.LastRecord
    /// Its first contexts, which an earlier checkpoint has counted.
    public let counted: Int

    /// Makes a place.
    public init(after: Fence, record: Fence.LastRecord, counted: Int) {
        self.after = after
        self.record = record
        self.counted = counted
    }

    /// The fence after the first `count` of the document's `all` contexts.
    public func fence(afterContexts count: Int, of all: Int) -> Fence {
        guard count < all else { return after }
        return Fence(
            source: after.source, topic: after.topic, partition: after.partition, next: record.offset, last: record,
            contexts: count, reading: after.reading)
    }
}
