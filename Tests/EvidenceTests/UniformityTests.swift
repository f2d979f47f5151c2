import Elements
import Evidence
import Hashing
import Testing

@Suite struct UniformityTests {
    /// Over many seeds each distinct window must be sampled equally often, however often it was repeated, when it came
    /// and how strongly the latent fires in it.
    @Test func samplesAreUniformOverDistinctWindows() throws {
        let distinct = 48
        let perSide = 6
        let contexts = (0..<distinct).flatMap { index in
            let coded = CodedContext(
                context: Context(
                    tokens: [UInt32(index), 1, 2, 3], document: Hash128(high: UInt64(index), low: 17), timestamp: 0,
                    source: nil),
                rows: [[(0, Float(index + 1))], [], [], []])
            return Array(repeating: coded, count: 1 + index % 7)
        }
        let coder = CoderIdentity(name: "c", hookpoint: "h", latents: 1, digest: Hash128(high: 0, low: 0))
        var observed = [Double](repeating: 0, count: distinct)
        var expected = [Double](repeating: 0, count: distinct)
        var variance = [Double](repeating: 0, count: distinct)
        let batch = CodeBatch(contexts)
        for seed in 0..<1500 {
            let settings = try ReservoirSettings(
                window: 4, sample: 2 * perSide, top: 0, pool: 0, recent: 0, seed: UInt64(seed))
            var reservoir = Reservoir(settings: settings, coder: coder)
            try reservoir.absorb(batch)
            let evidence = reservoir.view().evidence(of: 0)
            let hashing = WindowHashing(seed: settings.seed)
            let sides = (0..<distinct).map { hashing.isTest(document: Hash128(high: UInt64($0), low: 17)) }
            for isTest in [false, true] {
                let members = sides.indices.filter { sides[$0] == isTest }
                let sample = isTest ? evidence.test : evidence.train
                #expect(sample.count == min(perSide, members.count))
                let probability = min(1, Double(perSide) / Double(max(1, members.count)))
                for member in members {
                    expected[member] += probability
                    variance[member] += probability * (1 - probability)
                }
                for example in sample { observed[Int(example.window.tokens[0])] += 1 }
            }
        }
        let statistic = (0..<distinct).reduce(0) { sum, index in
            let distance = observed[index] - expected[index]
            return sum + distance * distance / variance[index]
        }
        // χ² with about 47 degrees of freedom: .9999 quantile 94, .0001 quantile 18.
        #expect(statistic < 94)
        #expect(statistic > 18)
    }

    /// The side of a document is a fair coin for every document over seeds.
    @Test func sidesAreFair() {
        let documents = 64
        let seeds = 2000
        var tests = [Double](repeating: 0, count: documents)
        for seed in 0..<seeds {
            let hashing = WindowHashing(seed: UInt64(seed))
            for document in 0..<documents where hashing.isTest(document: Hash128(high: 0, low: UInt64(document))) {
                tests[document] += 1
            }
        }
        let half = Double(seeds) / 2
        let statistic = tests.reduce(0) { $0 + ($1 - half) * ($1 - half) / (half / 2) }
        // χ² with 64 degrees of freedom: .9999 quantile 117, .0001 quantile 29.
        #expect(statistic < 117)
        #expect(statistic > 29)
    }
}
