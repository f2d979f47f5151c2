import Foundation
import Testing

@testable import Statistics

@Suite struct ChanceLimitTests {
    @Test func itIsTheClosedFormOverTheNumbersThemselves() {
        let chance = ChanceLimit(of: [1, 2, 3, 6])
        #expect(chance.mean == 3)
        #expect(abs(chance.deviation - 3.5.squareRoot()) < 1e-12)
        #expect(abs(chance.distance - (2 * log(4.0) * 3.5).squareRoot()) < 1e-12)
    }

    @Test(arguments: [[], [5], [2, 2, 2]] as [[Float]])
    func numbersThatDoNotDifferHaveNoSpread(values: [Float]) {
        let chance = ChanceLimit(of: values)
        #expect(chance.deviation == 0 && chance.distance == 0)
        #expect(chance.mean == Double(values.first ?? 0))
    }
}
