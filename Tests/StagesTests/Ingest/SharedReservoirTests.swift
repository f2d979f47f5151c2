import Elements
import Evidence
import Shuffle
import StateFixtures
import Store
import Testing

@testable import Stages

/// A reservoir that other processes tell what they have read, with what it keeps beside its evidence.
@Suite struct SharedReservoirTests {
    private static let coder = CoderIdentity(
        name: "codes", hookpoint: "layers.0", latents: 4, digest: Fixture.hash(3))
    private static let identity = ShuffleIdentity(
        name: "t", topic: "told", evidence: ["evidence": Fixture.hash(1)], shards: 2, block: 4,
        reservoirs: ["evidence": coder])
    private static let told = "evidence.told"

    private let settings: ReservoirSettings

    init() throws { settings = try ReservoirSettings(window: 4, sample: 4, top: 2, pool: 4, recent: 2, seed: 7) }

    private func worker(_ state: MemoryState, acceptsGap: Bool = false) throws -> ReservoirWorker {
        let worker = try ReservoirWorker(
            settings: settings, coder: Self.coder, node: "evidence", state: state, today: 0, onLaterDay: { _ in })
        try worker.share(
            by: Self.identity, map: ShardMap(coder: Self.coder, shards: 2), owned: OwnedShards(ordinal: 0, of: 1),
            acceptsGap: acceptsGap, node: "evidence", state: state)
        return worker
    }

    /// A record of eight tokens, on each of which one latent fires.
    private func codes(_ offset: Int) -> CodeBatch {
        let context = Context(
            tokens: (0..<8).map { UInt32(8 * offset + $0) }, document: Fixture.hash(UInt64(offset)), timestamp: 0,
            source: "web",
            reached: Fence(source: "corpus", topic: "texts", partition: 0, next: Int64(offset + 1), last: nil))
        return CodeBatch(
            contexts: [context], rowStarts: Array(0...8), latents: (0..<8).map { Int32(($0 + offset) % 4) },
            activations: (0..<8).map { Float($0 + 1) })
    }

    private func batch(_ records: [ShuffleRecord]) -> ShuffleBatch {
        ShuffleBatch(
            records.enumerated().map { place, record in
                ShuffleBatch.Element(
                    record,
                    at: RecordPosition(
                        source: "evidence.shuffle", topic: "told", partition: Int32(record.shard), offset: Int64(place)),
                    value: [])
            })
    }

    private func marks(_ from: Int, _ next: Int, isFirst: Bool = false) -> [ShuffleRecord] {
        let mark = ShuffleMark(
            partition: CorpusPartition(source: "corpus", topic: "texts", partition: 0), from: Int64(from),
            next: Int64(next), isFirst: isFirst)
        return (0..<2).map { ShuffleRecord(shard: $0, reservoir: "evidence", writer: 1, body: .marks([mark])) }
    }

    /// Keeps a checkpoint as the stage does.
    private func keep(_ worker: ReservoirWorker, _ epoch: UInt64, in state: MemoryState) throws {
        let segment = worker.reservoir.segment(epoch: epoch)
        let own = segment.map { [CheckpointCommit.Segment(node: "evidence", bytes: $0)] } ?? []
        try state.keep(CheckpointCommit(epoch: epoch, segments: own + worker.takeLedger(of: "evidence")))
        try worker.foldLedger(of: "evidence", upTo: epoch, in: state)
    }

    @Test func totalsThatNoCorpusHasEndNothing() throws {
        let state = MemoryState()
        let worker = try worker(state)
        // The first number is that of tokens.
        let bytes = [UInt8](repeating: 0xFF, count: 9) + [1] + StreamCounts().bytes.dropFirst()
        let counts = try StreamCounts(bytes, latents: 4)
        #expect(counts.totals.tokens == .max)
        let partition = CorpusPartition(source: "corpus", topic: "texts", partition: 0)
        for first in stride(from: Int64(0), to: 24, by: 8) {
            let told = [first, first + 4].map {
                ShuffleRecord(
                    shard: 0, reservoir: "evidence", writer: 1,
                    body: .counts(CorpusBlock(partition: partition, first: $0), counts))
            }
            #expect(worker.merge(batch(told), by: "evidence.shuffle").refused.isEmpty)
            #expect(worker.lowerIfDue() == nil && worker.lowerIfDue() == nil)
            try keep(worker, UInt64(first / 8 + 1), in: state)
        }
        let next = try self.worker(state)
        #expect(next.lowerIfDue() == nil && next.reservoir.totals == worker.reservoir.totals)
    }

    @Test func everyStartKnowsWhatWasToldAndLittleOfThatIsKept() throws {
        let state = MemoryState()
        let running = try worker(state)
        var combiner = IngestCombiner(
            reservoir: "evidence", settings: settings, coder: Self.coder, identity: Self.identity, writer: 1)
        var whole = Reservoir(settings: settings, coder: Self.coder)
        for offset in 0..<14 {
            try combiner.absorb(codes(offset))
            try whole.absorb(codes(offset))
            let told = batch(
                records(toldBy: &combiner) + marks(offset / 4 * 4, offset + 1, isFirst: offset == 0))
            let merged = running.merge(told, by: "evidence.shuffle")
            #expect(merged.tokens == 8 && merged.refused.isEmpty && merged.gap == nil)
            try keep(running, UInt64(offset + 1), in: state)
            #expect(state.segments(of: Self.told).count <= 5)
            let next = try worker(state)
            #expect(next.reservoir.totals == whole.totals && next.reservoir.digest == whole.digest)
            // What is told once more counts nothing.
            #expect(next.merge(told, by: "evidence.shuffle").tokens == 0)
            #expect(next.reservoir.totals == whole.totals && next.reservoir.digest == whole.digest)
        }
    }

    private func records(toldBy combiner: inout IngestCombiner) -> [ShuffleRecord] {
        var records: [ShuffleRecord] = []
        combiner.tell(isOver: { _ in false }) { records.append($0) }
        return records
    }

    @Test func nothingBehindAGapIsMergedUnlessItIsAccepted() throws {
        var combiner = IngestCombiner(
            reservoir: "evidence", settings: settings, coder: Self.coder, identity: Self.identity, writer: 1)
        try combiner.absorb(codes(8))
        let told = batch(marks(8, 8) + records(toldBy: &combiner))
        let refusing = try worker(MemoryState())
        let refused = refusing.merge(told, by: "evidence.shuffle")
        #expect(refused.gap?.from == 8 && !refused.isBridged && refused.tokens == 0)
        #expect(refusing.reservoir.isEmpty)
        let accepting = try worker(MemoryState(), acceptsGap: true)
        let bridged = accepting.merge(told, by: "evidence.shuffle")
        #expect(bridged.gap != nil && bridged.isBridged && bridged.tokens == 8)
    }

    @Test func aDamagedLedgerIsToldOfByItsName() throws {
        let state = MemoryState()
        try state.keep(
            CheckpointCommit(
                epoch: 3, segments: [CheckpointCommit.Segment(node: Self.told, bytes: Array("GLSX".utf8))]))
        let error = #expect(throws: StoreError.self) { try worker(state) }
        guard case .damagedSegment(_, Self.told, 3, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
