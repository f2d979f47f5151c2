import Evidence

/// What the owner of some shares has been told of one partition of the corpus.
struct PartitionLedger: Sendable {
    /// By share: the offset below which everything has been told of it.
    var told: [Int: Int64] = [:]
    /// The offset up to which somebody has counted.
    var reached: Int64 = 0
    /// The counts of the blocks that are not over, by their first offset.
    var open: [Int64: StreamCounts] = [:]

    /// The offset below which everything has been told to all of some shares; `nil` if one has been told nothing.
    func told(to shards: [Int]) -> Int64? {
        var least: Int64?
        for shard in shards {
            guard let offset = told[shard] else { return nil }
            least = min(least ?? offset, offset)
        }
        return least
    }
}
