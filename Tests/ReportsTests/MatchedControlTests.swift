import Elements
import Statistics
import Testing

@testable import Reports

@Suite struct MatchedControlTests {
    private func value(_ score: Double, rate: Double?) -> LatentValue {
        LatentValue(value: score, count: 10, firingRate: rate)
    }

    /// Numbers from 0 to 1 that look drawn and are the same each time.
    private func drawn(_ number: Int) -> Double { Double((number * 7919 + 13) % 1009) / 1009 }

    @Test func theMeanIsThatOfTheRandomOnesInEachTenthWeighedByTheTrainedOnes() throws {
        // 23 trained latents do not divide by ten: tenths hold two or three.
        let trained = (0..<23).map { value(drawn($0), rate: 0.01 * Double($0 + 1)) }
        let random = (0..<150).map { value(drawn($0 + 500), rate: 0.3 * drawn($0 + 90)) }
        let control = try #require(MatchedControl(trained: trained, random: random))
        var (sum, own, weight, latents) = (0.0, 0.0, 0.0, 0)
        for tenth in 0..<10 {
            let (first, end) = (tenth * 23 / 10, (tenth + 1) * 23 / 10)
            let part = trained[first..<end]
            let rates = part.compactMap(\.firingRate)
            let (least, most) = (try #require(rates.min()), try #require(rates.max()))
            let near = random.filter { value in value.firingRate.map { $0 >= least && $0 <= most } ?? false }
            guard near.count > 1 else { continue }
            sum += Double(part.count) * near.map(\.value).reduce(0, +) / Double(near.count)
            own += part.map(\.value).reduce(0, +)
            weight += Double(part.count)
            latents += near.count
        }
        #expect(abs(control.mean.value - sum / weight) < 1e-12 && abs(control.trained - own / weight) < 1e-12)
        #expect(control.latents == latents && control.mean.count == latents && control.covered == weight / 23)
        #expect(control.mean.lower < control.mean.value && control.mean.value < control.mean.upper)
    }

    @Test func latentsThatFireEquallyOftenCountOnce() throws {
        let trained = (0..<20).map { value($0 % 2 == 0 ? 0.6 : 0.8, rate: 0.01) }
        let random = (0..<5).map { value(0.1 * Double($0), rate: 0.01) } + [value(1, rate: 0.02)]
        let control = try #require(MatchedControl(trained: trained, random: random))
        #expect(control.latents == 5 && control.covered == 1)
        #expect(abs(control.mean.value - 0.2) < 1e-12 && abs(control.trained - 0.7) < 1e-12)
        // Five values 0 to .4 have a standard error of .063; drawn for each tenth anew, they would have .02.
        #expect(control.mean.lower < 0.1 && control.mean.upper > 0.3)
    }

    @Test func ratesSharedByAFewTenthsMakeOneOfThem() throws {
        // Rates 1 to 3 in runs of 7, 6 and 7 latents: no cut into tenths falls between two runs.
        let rates =
            [Double](repeating: 1, count: 7) + [Double](repeating: 2, count: 6)
            + [Double](repeating: 3, count: 7)
        let trained = rates.map { value(0.5, rate: $0) }
        let random = [1.0, 1, 2, 2, 2, 3, 3, 3, 3].map { value($0 / 10, rate: $0) }
        let control = try #require(MatchedControl(trained: trained, random: random))
        #expect(control.latents == 9 && control.covered == 1)
        #expect(abs(control.mean.value - (7 * 0.1 + 6 * 0.2 + 7 * 0.3) / 20) < 1e-12)
        #expect(control.mean.lower == control.mean.value && control.mean.upper == control.mean.value)
    }

    @Test(arguments: [(5, true), (4, false)])
    func halfOfTheTrainedLatentsMustHaveTwoRandomOnes(tenths: Int, isThere: Bool) {
        let trained = (0..<10).map { value(0.5, rate: Double($0)) }
        let random = (0..<10).flatMap { rate in
            [value(0.5, rate: Double(rate))] + (rate < tenths ? [value(0.4, rate: Double(rate))] : [])
        }
        #expect((MatchedControl(trained: trained, random: random)?.covered == 0.5) == isThere)
    }

    @Test func withoutTheRateOfOneTrainedLatentThereIsNone() {
        let random = (0..<40).map { value(0.5, rate: Double($0 / 4)) }
        let trained = (0..<10).map { value(0.5, rate: Double($0)) }
        #expect(MatchedControl(trained: trained, random: random)?.covered == 1)
        #expect(MatchedControl(trained: trained + [value(0.5, rate: nil)], random: random) == nil)
        #expect(MatchedControl(trained: trained, random: random.map { value($0.value, rate: nil) }) == nil)
        #expect(MatchedControl(trained: trained, random: []) == nil)
    }
}
