import Elements
import TestSupport
import Testing

@testable import Evidence

@Suite struct SampleBudgetTests {
    @Test(arguments: [
        (256, [256, 128, 64, 32]), (100, [100, 50, 32]), (65, [65, 32]), (33, [33, 32]), (32, [32]), (6, [6]),
    ]) func aLadderHalvesDownToTheLeastSample(sample: Int, rungs: [Int]) {
        #expect(SampleBudget.ladder(from: sample) == rungs)
    }

    @Test func whatASampleCostsIsTheNumberOfDistinctWindowsItHolds() throws {
        for seed in 0..<60 {
            let stream = try RandomStream(seed: seed, contexts: 120, sample: 128)
            let reservoir = try stream.reservoir(of: stream.contexts)
            let naive = NaiveEvidence(
                stream.contexts, settings: try stream.settings.with(sample: 65_536), latents: stream.coder.latents)
            for sample in [128, 64, 32, 7] {
                let held = (0..<stream.coder.latents).map { naive.evidence(of: $0) }.reduce(0) {
                    $0 + min($1.train.count, sample / 2) + min($1.test.count, sample / 2)
                }
                #expect(
                    reservoir.sampleBytes(at: sample)
                        == held * SampleBudget.bytesPerEntry(window: stream.settings.window), "seed \(seed)")
            }
            #expect(reservoir.sampleBytes(at: 10_000) == reservoir.sampleBytes(at: 128))
        }
    }

    @Test func theLastSizeDependsOnTheCorpusAlone() throws {
        var sizes: Set<Int> = []
        for seed in 0..<150 {
            let stream = try RandomStream(seed: seed, contexts: 120, sample: 128)
            var generator = SplitMix(seed: seed)
            let whole = try stream.reservoir(of: stream.contexts)
            let budget = SampleBudget(bytes: generator.below(whole.sampleBytes(at: 128) * 5 / 4 + 1))
            // Told at once from all that there is.
            let rungs = SampleBudget.ladder(from: 128)
            let expected = rungs.first { whole.sampleBytes(at: $0) <= budget.bytes(at: $0) } ?? 32
            #expect(budget.sample(for: whole) == expected)
            sizes.insert(expected)
            // Told again and again, in another order, by several workers, with restarts.
            var parts = (0..<1 + generator.below(3)).map { _ in stream.empty }
            var logs = [[[UInt8]]](repeating: [], count: parts.count)
            for (epoch, context) in stream.contexts.shuffled(using: &generator).enumerated() {
                let part = generator.below(parts.count)
                try parts[part].absorb(CodeBatch([context]))
                if generator.below(3) == 0 { parts[part].lower(sampleTo: budget.sample(for: parts[part])) }
                if generator.below(8) == 0 {
                    if let segment = parts[part].segment(epoch: UInt64(epoch) + 1) { logs[part].append(segment) }
                    parts[part] = stream.empty
                    for segment in logs[part].shuffled(using: &generator) { try parts[part].merge(segment: segment) }
                }
            }
            var merged = parts.removeFirst()
            for part in parts { try merged.merge(part) }
            merged.lower(sampleTo: budget.sample(for: merged))
            #expect(merged.sample == expected, "seed \(seed)")
            #expect(
                EvidenceContent(merged.view()) == EvidenceContent(try stream.reservoir(sample: expected).view()),
                "seed \(seed)")
        }
        #expect(sizes == [128, 64, 32])
    }

    @Test func aBudgetMayDependOnTheSize() throws {
        let stream = try RandomStream(seed: 3, contexts: 120, sample: 128)
        let reservoir = try stream.reservoir(of: stream.contexts)
        let cost = reservoir.sampleBytes(at: 64)
        // The larger size is too dear, although the smaller one costs no less than it would be allowed.
        #expect(SampleBudget(bytes: [128: cost - 1, 64: cost, 32: cost]).sample(for: reservoir) == 64)
        #expect(SampleBudget(bytes: [128: .max, 64: 0, 32: 0]).sample(for: reservoir) == 128)
        #expect(SampleBudget(bytes: [64: .max]).sample(for: reservoir) == 64)
        #expect(SampleBudget(bytes: 5).bytes(at: 64) == 5 && SampleBudget(bytes: [64: 5]).bytes(at: 32) == 0)
    }

    @Test func theLowestRungIsTheAnswerToTooSmallABudget() throws {
        let stream = try RandomStream(seed: 3, contexts: 120, sample: 128)
        var reservoir = try stream.reservoir(of: stream.contexts)
        let none = SampleBudget(bytes: 0)
        #expect(!none.allows(SampleBudget.leastSample, in: reservoir))
        #expect(none.sample(for: reservoir) == SampleBudget.leastSample)
        // Never above the size in force.
        reservoir.lower(sampleTo: 40)
        #expect(SampleBudget(bytes: .max).sample(for: reservoir) == 40)
        reservoir.lower(sampleTo: 10)
        #expect(none.sample(for: reservoir) == 10)
    }
}
