import Elements
import Evidence
import Records
import Shuffle
import Testing

/// What is refused, what is a repeat, and what is missing.
@Suite struct ShardMergeTests {
    private let corpus: SharedCorpus
    private let identity: ShuffleIdentity
    private let map: ShardMap

    init() throws {
        corpus = try SharedCorpus(seed: 11, least: 8)
        identity = corpus.identity(shards: 2, block: 4)
        map = ShardMap(coder: corpus.coder, shards: 2)
    }

    private var empty: Reservoir { Reservoir(settings: corpus.settings, coder: corpus.coder) }

    private func merge(_ ordinal: Int = 0, of count: Int = 1, acceptsGap: Bool = false) throws -> ShardMerge {
        try ShardMerge(
            identity: identity, map: map, owned: OwnedShards(ordinal: ordinal, of: count), acceptsGap: acceptsGap)
    }

    private func marks(_ shard: Int, _ from: Int64, _ next: Int64, isFirst: Bool = false) -> ShuffleRecord {
        ShuffleRecord(
            shard: shard, reservoir: "evidence", writer: 1,
            body: .marks([
                ShuffleMark(partition: SharedCorpus.partition(0), from: from, next: next, isFirst: isFirst)
            ]))
    }

    /// What one process tells of the first partition up to an offset.
    private func told(upTo count: Int) throws -> [ShuffleRecord] {
        var combiner = IngestCombiner(
            reservoir: "evidence", settings: corpus.settings, coder: corpus.coder, identity: identity, writer: 1)
        for record in corpus.records[0].prefix(count) { try combiner.absorb(record) }
        var told: [ShuffleRecord] = []
        combiner.tell(isOver: { _ in false }) { told.append($0) }
        return told
    }

    @Test func aRepeatOfABlockThatIsOverCountsNothing() throws {
        var (merge, reservoir) = (try merge(), empty)
        for record in try told(upTo: 4) { _ = merge.apply(record, into: &reservoir) }
        for shard in 0..<2 { _ = merge.apply(marks(shard, 0, 4, isFirst: true), into: &reservoir) }
        let (totals, digest) = (reservoir.totals, reservoir.digest)
        for record in try told(upTo: 4) {
            guard case .counts = record.body else {
                _ = merge.apply(record, into: &reservoir)
                continue
            }
            guard case .repeated = merge.apply(record, into: &reservoir) else {
                Issue.record("counts of a block that is over were merged")
                continue
            }
        }
        #expect(reservoir.totals == totals && reservoir.digest == digest)
        guard case .repeated = merge.apply(marks(0, 0, 4, isFirst: true), into: &reservoir) else {
            Issue.record("a mark that says nothing new changed something")
            return
        }
    }

    @Test func countsOfABlockGrowFromWhateverPartOfItWasTold() throws {
        for first in 0...4 {
            for second in 0...4 {
                var (merge, reservoir, once) = (try merge(), empty, empty)
                for count in [first, second] {
                    for record in try told(upTo: count) { _ = merge.apply(record, into: &reservoir) }
                }
                for record in corpus.records[0].prefix(max(first, second)) { try once.absorb(record) }
                #expect(ViewContent(reservoir) == ViewContent(once), "\(first), then \(second)")
            }
        }
    }

    @Test func whatIsMissingIsNamedAndNothingOfItMerged() throws {
        var (merge, reservoir) = (try merge(), empty)
        guard case .gap(let unknown) = merge.apply(marks(0, 8, 9), into: &reservoir) else {
            Issue.record("a partition that nobody began was taken")
            return
        }
        #expect(unknown.told == nil && unknown.from == 8 && "\(unknown)".contains("texts/0"))
        _ = merge.apply(marks(0, 0, 6, isFirst: true), into: &reservoir)
        guard case .gap(let missing) = merge.apply(marks(0, 8, 9), into: &reservoir) else {
            Issue.record("a block that is missing was passed over")
            return
        }
        #expect(missing.told == 4 && missing.from == 8 && missing.shard == 0)
        // Whoever reads the block that was not over closes the gap.
        guard case .merged = merge.apply(marks(0, 4, 9), into: &reservoir),
            case .merged = merge.apply(marks(0, 8, 11), into: &reservoir)
        else {
            Issue.record("what follows on what was told is no gap")
            return
        }
        var bridging = try self.merge(acceptsGap: true)
        guard case .bridged = bridging.apply(marks(0, 8, 9), into: &reservoir),
            case .merged = bridging.apply(marks(0, 8, 10), into: &reservoir)
        else {
            Issue.record("an accepted gap was not passed over once")
            return
        }
    }

    @Test func latentsAndSharesOfOthersAreRefused() throws {
        var (merge, reservoir) = (try merge(0, of: 2), empty)
        let records = try told(upTo: 6)
        for record in records where record.shard == 1 {
            guard case .refused(let fault) = merge.apply(record, into: &reservoir) else {
                Issue.record("a record of another share was merged")
                continue
            }
            #expect(fault.code == .foreign)
        }
        // The same with the share that is owned written over it.
        for record in records where record.shard == 1 {
            let forged = ShuffleRecord(shard: 0, reservoir: "evidence", writer: 1, body: record.body)
            switch (record.body, merge.apply(forged, into: &reservoir)) {
            case (.counts(_, let counts), .refused): #expect(!counts.fired.isEmpty)
            case (.counts(_, let counts), _): #expect(counts.fired.isEmpty)
            default: break
            }
        }
        for latent in 0..<corpus.coder.latents where map.shard(of: latent) == 1 {
            #expect(reservoir.view().statistics(of: latent).tokensFired == 0)
            #expect(reservoir.view().evidence(of: latent).train.isEmpty)
        }
        let odd = ShuffleRecord(
            shard: 0, reservoir: "evidence", writer: 1,
            body: .counts(CorpusBlock(partition: SharedCorpus.partition(0), first: 3), StreamCounts()))
        guard case .refused(let fault) = merge.apply(odd, into: &reservoir) else {
            Issue.record("a block that begins anywhere was taken")
            return
        }
        #expect(fault.field == "block")
    }

    @Test func aDamagedLedgerIsRefused() throws {
        var (merge, reservoir) = (try merge(), empty)
        for record in try told(upTo: 6) { _ = merge.apply(record, into: &reservoir) }
        _ = merge.apply(marks(0, 0, 6, isFirst: true), into: &reservoir)
        let segment = try merge.segment()
        let bytes = try #require(segment)
        let again = try merge.segment()
        #expect(try again == nil && merge.wholeSegment() == bytes)
        func restored(_ bytes: [UInt8]) throws -> ShardMerge {
            try ShardMerge(identity: identity, map: map, owned: OwnedShards(ordinal: 0, of: 1), restoring: bytes)
        }
        #expect(try restored(bytes).wholeSegment() == bytes && restored(bytes).reached.values.max() == 6)
        for length in 0..<bytes.count {
            #expect(throws: RecordFault.self) { try restored(Array(bytes.prefix(length))) }
        }
    }
}
