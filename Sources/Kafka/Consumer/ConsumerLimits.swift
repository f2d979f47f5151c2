/// The bounds of a consumer's buffers.
struct ConsumerLimits: Equatable {
    /// Buffered bytes at which partitions are paused.
    let maximumBytes: Int
    /// Buffered bytes at which they are resumed.
    ///
    /// Far below the maximum, since every pause makes librdkafka throw away
    /// what it had fetched ahead.
    let resumeBytes: Int
    /// The weight of one batch; only a single record above it makes a heavier one.
    let batchBytes: Int
    /// The number of records in one batch.
    let batchRecords: Int

    init(maximumBytes: Int, batchBytes: Int, batchRecords: Int = 4096) {
        self.maximumBytes = max(1, maximumBytes)
        resumeBytes = self.maximumBytes / 4
        self.batchBytes = max(1, batchBytes)
        self.batchRecords = max(1, batchRecords)
    }
}
