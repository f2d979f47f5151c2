import Elements
import Evidence
import Shuffle

/// A process that owns some shares: what it has in memory, and what its last checkpoint has kept.
struct SimulatedOwner {
    private struct Kept {
        var segments: [[UInt8]] = []
        var ledger: [UInt8]?
        var next: [Int: Int] = [:]
        var epoch: UInt64 = 0
    }

    private let corpus: SharedCorpus
    private let identity: ShuffleIdentity
    private let owned: OwnedShards
    private var kept = Kept()
    private(set) var reservoir: Reservoir
    private var merge: ShardMerge
    private var next: [Int: Int] = [:]
    private(set) var gaps: [ShuffleGap] = []

    init(_ corpus: SharedCorpus, _ identity: ShuffleIdentity, _ owned: OwnedShards) throws {
        self.corpus = corpus
        self.identity = identity
        self.owned = owned
        reservoir = Reservoir(settings: corpus.settings, coder: corpus.coder)
        merge = try ShardMerge(
            identity: identity, map: ShardMap(coder: corpus.coder, shards: identity.shards), owned: owned)
    }

    var shards: [Int] { owned.shards(of: identity.shards) }

    func hasMore(_ shard: Int, in topic: SimulatedTopic) -> Bool { next[shard, default: 0] < topic.log[shard].count }

    /// Merges the next record of a share.
    mutating func read(_ shard: Int, of topic: SimulatedTopic) throws {
        guard hasMore(shard, in: topic) else { return }
        let place = next[shard, default: 0]
        let record = try ShuffleRecord(topic.log[shard][place], in: shard, expecting: identity)
        switch merge.apply(record, into: &reservoir) {
        case .gap(let gap): gaps.append(gap)
        case .refused(let fault): throw fault
        case .merged, .repeated, .bridged: break
        }
        next[shard] = place + 1
    }

    mutating func checkpoint() throws {
        kept.epoch += 1
        if let segment = reservoir.segment(epoch: kept.epoch) { kept.segments.append(segment) }
        if let ledger = try merge.segment() { kept.ledger = ledger }
        kept.next = next
    }

    /// What is not in the last checkpoint is gone.
    mutating func kill() throws {
        reservoir = Reservoir(settings: corpus.settings, coder: corpus.coder)
        for segment in kept.segments { try reservoir.merge(segment: segment) }
        merge = try ShardMerge(
            identity: identity, map: ShardMap(coder: corpus.coder, shards: identity.shards), owned: owned,
            restoring: kept.ledger)
        next = kept.next
    }

    mutating func drain(_ topic: SimulatedTopic) throws {
        for shard in shards { while hasMore(shard, in: topic) { try read(shard, of: topic) } }
    }
}
