import Elements
import Examples
import Explaining
import Inference
import Testing

@Suite struct ExampleSamplingTests {
    static func example(_ number: Int, peak: Float) -> Example {
        Example(window: toyWindow([UInt32(number), 0]), activations: [peak, 0])
    }

    private let evidence = toyEvidence(
        latent: 3, train: (0..<128).map { example($0, peak: Float($0 + 1)) },
        top: (200..<216).map { example($0, peak: Float(500 - $0)) })

    @Test func quantilesTakeTheSameNumberFromEveryDecileOfTheUniformSample() {
        let chosen = ExampleSampling.quantiles(10).choose(40, from: evidence, seed: 1)
        for block in 0..<10 { #expect(chosen.count { $0.block == block } == 4) }
        #expect(chosen.allSatisfy { $0.example.peak <= 128 })
        #expect(chosen.first?.block == 0 && chosen.last?.block == 9)
    }

    @Test func topTakesTheLargestPeaksOfAllKept() {
        let chosen = ExampleSampling.top.choose(20, from: evidence, seed: 1)
        #expect(chosen.map(\.example.peak) == (0..<16).map { Float(300 - $0) } + [128, 127, 126, 125])
    }

    @Test func randomTakesTheUniformSampleWithoutRegardToRank() {
        let chosen = ExampleSampling.random.choose(40, from: evidence, seed: 1)
        #expect(chosen.count == 40 && Set(chosen.map(\.example.window.identity)).count == 40)
        let mean = chosen.map { Double($0.example.peak) }.reduce(0, +) / 40
        // The mean of 40 of 1...128 without replacement has a standard deviation of 4.9 about 64.5.
        #expect(abs(mean - 64.5) < 20)
        #expect(chosen != ExampleSampling.random.choose(40, from: evidence, seed: 2))
    }

    @Test func aMixTakesAFifthFromTheTopAndTheRestFromEveryDecile() {
        let chosen = ExampleSampling.mix(10).choose(50, from: evidence, seed: 1)
        #expect(chosen.prefix(10).map(\.example.peak) == (0..<10).map { Float(300 - $0) })
        for block in 0..<10 { #expect(chosen.dropFirst(10).count { $0.block == block } == 4) }
        #expect(chosen.dropFirst(10).allSatisfy { $0.example.peak <= 128 })
    }

    @Test(arguments: [ExampleSampling.top, .random, .quantiles(10), .mix(10)])
    func noWindowIsShownTwiceOrMadeUp(sampling: ExampleSampling) {
        var generator = TestGenerator(state: 3)
        for round in 0..<60 {
            // A window may be kept on both lists, and listed twice where two days hold it.
            let all = (0..<40).map { Self.example($0, peak: Float.random(in: 0.1...9, using: &generator)) }
            let train = (0..<Int.random(in: 0...70, using: &generator)).compactMap { _ in
                all.randomElement(using: &generator)
            }
            let top = Array(all.sorted { $0.peak > $1.peak }.prefix(Int.random(in: 0...16, using: &generator)))
            let evidence = toyEvidence(latent: round, train: train, top: top, test: [])
            let available = Set((sampling.description == "top" || sampling.description == "mix" ? top : []) + train)
            for count in [0, 1, 10, 20, 40, 60] {
                let chosen = sampling.choose(count, from: evidence, seed: 9)
                #expect(Set(chosen.map(\.example)).count == chosen.count)
                #expect(Set(chosen.map(\.example)).isSubset(of: available))
                #expect(chosen.count <= count)
                if case .mix = sampling { continue }
                #expect(chosen.count == min(count, available.count))
            }
        }
    }

    @Test func wordsOfTheTopologyAreRead() {
        #expect(ExampleSampling("top") == .top)
        #expect(ExampleSampling("random") == .random)
        #expect(ExampleSampling("quantiles") == .quantiles(10))
        #expect(ExampleSampling("mix") == .mix(10))
        #expect(ExampleSampling("best") == nil)
    }
}
