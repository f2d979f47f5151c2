import Benchmarks
import Testing

@Suite struct MeasurementTests {
    private func measurement(
        _ benchmark: Benchmark, _ figures: [Double], _ bases: [Double]?, isPaired: Bool = true
    ) -> Measurement {
        Measurement(
            benchmark: benchmark, title: "t", figures: figures,
            baseline: bases.map { Measurement.Baseline(name: "b", figures: $0) }, isPaired: isPaired)
    }

    @Test func theMedianIsTheMiddleOrTheMeanOfTheTwoThere() {
        #expect([Double]().median == nil)
        #expect([3.0].median == 3)
        #expect([9.0, 1, 4].median == 4)
        #expect([1.0, 9, 4, 2].median == 3)
    }

    @Test func pairedRatiosAreTakenRoundByRound() {
        // The machine halves its speed between rounds; the ratio stays.
        #expect(measurement(.forward, [90, 45, 30], [100, 50, 20]).ratio == 0.9)
        #expect(measurement(.forward, [90, 45, 30], [100, 50, 20]).value == 45)
    }

    @Test func unpairedRatiosAreOfMedians() {
        #expect(measurement(.forward, [8, 100, 9], [2, 3], isPaired: false).ratio == 9 / 2.5)
    }

    @Test func withoutBaselineThereIsNoRatioAndNoVerdict() {
        #expect(measurement(.forward, [1], nil).ratio == nil)
        #expect(measurement(.forward, [1], [0]).ratio == nil)
        #expect(measurement(.forward, [1], nil).verdict == .open)
        #expect(measurement(.forward, [], [1]).verdict == .open)
        #expect(measurement(.peak, [1], nil).verdict == .open)
    }

    @Test func theVerdictComparesWithTheGoal() {
        #expect(measurement(.forward, [91], [100]).verdict == .ok)
        #expect(measurement(.forward, [89], [100]).verdict == .short)
        #expect(measurement(.encodeMemory, [120], [100]).verdict == .short)
        #expect(measurement(.start, [0.2], nil).verdict == .ok)
        #expect(measurement(.start, [0.4], nil).verdict == .short)
    }

    @Test func theRoofIsTheLowerOfBothLimits() {
        let roofline = Roofline(peak: 100, bandwidth: 10)
        let decoding = Roofline.Cost(operations: 40, bytes: 20)
        let product = Roofline.Cost(operations: 400, bytes: 20)
        #expect(decoding.intensity == 2)
        #expect(roofline.attainable(decoding) == 20)
        #expect(roofline.bound(of: decoding) == .memory)
        #expect(roofline.attainable(product) == 100)
        #expect(roofline.bound(of: product) == .arithmetic)
    }

    @Test func theRoofOfAMeasurementIsThatOfItsOwnRounds() {
        let forward = Measurement(
            benchmark: .forward, title: "t", figures: [1], baseline: nil, isPaired: false,
            cost: Roofline.Cost(operations: 1, bytes: 1), peaks: [5, 1, 3])
        #expect(Roofline(of: forward, among: [forward]) == nil)
        let memory = measurement(.memory, [2], nil)
        #expect(Roofline(of: forward, among: [memory, forward]) == Roofline(peak: 3, bandwidth: 2e9))
        #expect(Roofline(of: memory, among: [memory]) == nil)
    }
}
