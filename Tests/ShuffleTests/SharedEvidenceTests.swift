import Elements
import Evidence
import Shuffle
import TestSupport
import Testing

/// Many processes hold together what one process holds that reads everything, whatever happens to them on the way.
@Suite struct SharedEvidenceTests {
    private static let counts: [(Int, Int)] = [1, 2, 4].flatMap { ingest in [1, 2, 4].map { (ingest, $0) } }

    @Test(arguments: counts) func anyInterleavingGivesTheSameEvidence(ingest: Int, owners: Int) throws {
        for seed in 0..<40 { try run(seed, (ingest, owners), killsPerHundred: 0) }
    }

    @Test(arguments: counts) func killsAndOtherReadersLeaveNoTrace(ingest: Int, owners: Int) throws {
        for seed in 0..<60 { try run(1000 + seed, (ingest, owners), killsPerHundred: 6) }
    }

    /// Deals out steps by chance until everything is read, then lets all finish and compares.
    private func run(_ seed: Int, _ processes: (ingest: Int, owners: Int), killsPerHundred: Int) throws {
        var generator = SplitMix(seed: seed)
        let corpus = try SharedCorpus(seed: seed)
        let identity = corpus.identity(shards: 4, block: Int64(1 + generator.below(5)))
        var topic = SimulatedTopic(identity)
        var owner: [Int: Int] = [:]
        for partition in corpus.records.indices { owner[partition] = partition % processes.ingest }
        func make(_ number: Int) -> SimulatedIngest {
            SimulatedIngest(
                corpus, identity, writer: UInt64(number),
                partitions: corpus.records.indices.filter { owner[$0] == number }, from: topic)
        }
        var readers = (0..<processes.ingest).map(make)
        var owners = try (0..<processes.owners).map {
            try SimulatedOwner(corpus, identity, OwnedShards(ordinal: $0, of: processes.owners))
        }
        for _ in 0..<150 {
            let number = generator.below(readers.count)
            switch generator.below(9) {
            case 0, 1, 2:
                if let partition = readers[number].next.keys.sorted().randomElement(&generator) {
                    readers[number].read(partition)
                }
            case 8: try readers[number].count(1 + generator.below(4))
            case 3: try readers[number].cut()
            case 4: try readers[number].step(into: &topic, atMost: 1 + generator.below(3))
            case 5:
                let place = generator.below(owners.count)
                let shards = owners[place].shards
                try owners[place].read(shards[generator.below(shards.count)], of: topic)
            case 6: try owners[generator.below(owners.count)].checkpoint()
            default:
                guard generator.below(100) < 5 * killsPerHundred else { continue }
                switch generator.below(3) {
                case 0: readers[number] = make(number)
                case 1: try owners[generator.below(owners.count)].kill()
                default:
                    // Another process reads the partition; the one before is told at once, or not before its checkpoint.
                    let partition = generator.below(corpus.records.count)
                    guard let before = owner[partition] else { continue }
                    if generator.below(2) == 0 { try readers[before].finish(into: &topic) }
                    readers[before].end(partition)
                    owner[partition] = number
                    readers[number].begin(partition, from: topic)
                }
            }
        }
        for number in readers.indices {
            try readers[number].finish(into: &topic)
            for partition in readers[number].next.keys.sorted() {
                while readers[number].hasMore(partition) { readers[number].read(partition) }
            }
            try readers[number].count(.max)
            try readers[number].cut()
            try readers[number].finish(into: &topic)
        }
        for number in owners.indices { try owners[number].drain(topic) }
        #expect(owners.allSatisfy { $0.gaps.isEmpty }, "seed \(seed): \(owners.flatMap(\.gaps))")
        try compare(owners, with: corpus, seed)
    }

    private func compare(_ owners: [SimulatedOwner], with corpus: SharedCorpus, _ seed: Int) throws {
        let whole = ViewContent(try corpus.whole())
        var union = Reservoir(settings: corpus.settings, coder: corpus.coder)
        for owner in owners { try union.merge(share: owner.reservoir) }
        #expect(ViewContent(union) == whole, "seed \(seed)")
        // Whoever looks at all shares merges their segments, whatever epochs each has come to.
        var read = Reservoir(settings: corpus.settings, coder: corpus.coder)
        for (number, owner) in owners.enumerated() {
            var own = owner.reservoir
            try read.merge(segment: own.wholeSegment(epoch: UInt64(1000 - 10 * number)))
        }
        #expect(ViewContent(read) == whole, "seed \(seed)")
        // Each process knows what counts for all, and nothing of the latents of others but their part in the pool.
        for owner in owners {
            let view = ViewContent(owner.reservoir)
            #expect(view.totals == whole.totals && view.pool == whole.pool && view.breakdown == whole.breakdown)
            let map = ShardMap(coder: corpus.coder, shards: 4)
            for latent in 0..<corpus.coder.latents where !owner.shards.contains(map.shard(of: latent)) {
                #expect(view.latents[latent].statistics.tokensFired == 0 && view.latents[latent].train.isEmpty)
            }
        }
    }
}

extension Array {
    fileprivate func randomElement(_ generator: inout SplitMix) -> Element? {
        isEmpty ? nil : self[generator.below(count)]
    }
}
