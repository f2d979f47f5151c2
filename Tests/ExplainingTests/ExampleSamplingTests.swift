import Elements
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

    @Test func wordsOfTheTopologyAreRead() {
        #expect(ExampleSampling("top") == .top)
        #expect(ExampleSampling("random") == .random)
        #expect(ExampleSampling("quantiles") == .quantiles(10))
        #expect(ExampleSampling("best") == nil)
    }

    @Test func theReportCountsWhatWasShownByDecile() {
        let chosen = ExampleSampling.quantiles(10).choose(20, from: evidence, seed: 1)
        let report = SamplingReport(of: evidence.train, shown: chosen.map(\.example.window.identity))
        #expect(report.deciles.count == 10)
        #expect(report.deciles.map(\.windows).reduce(0, +) == 128)
        #expect(report.deciles.allSatisfy { $0.shown == 2 && $0.lowestPeak <= $0.highestPeak })
        #expect(report.deciles[0].highestPeak == 128 && report.deciles[9].lowestPeak == 1)
    }
}
