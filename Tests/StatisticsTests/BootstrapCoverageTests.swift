import Elements
import Foundation
import Testing

@testable import Statistics

/// How often bootstrap intervals of areas hold the truth.
@Suite struct BootstrapCoverageTests {
    @Test func intervalsOfAreasHoldTheTruth() {
        var all: [Double] = []
        for (separation, truth) in [(0.0, 0.5), (0.5, 0.638_163), (1, 0.760_250), (2, 0.921_350)] {
            var generator = SeededGenerator(seed: UInt64(10 * separation))
            func normal() -> Double {
                (-2 * log(1 - generator.unit())).squareRoot() * cos(2 * .pi * generator.unit())
            }
            let covered = (0..<300).count { latent in
                let isPositive = (0..<100).map { $0 < 50 }
                let scores = isPositive.map { normal() + ($0 ? separation : 0) }
                let estimate = AreaBootstrap(scores: scores, isPositive: isPositive)
                    .estimate(resamples: 400, seed: UInt64(latent))
                return estimate.map { $0.lower <= truth && truth <= $0.upper } ?? false
            }
            all.append(Double(covered) / 300)
        }
        // 91 % where the area is .92, else 94 %.
        #expect(all.allSatisfy { $0 > 0.9 })
    }
}
