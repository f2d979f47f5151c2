import Elements
import Testing

@testable import Statistics

@Suite struct StudentTTests {
    /// `scipy.stats.t.ppf(0.975, n)`, SciPy 1.17.1.
    @Test(arguments: [
        (1, 12.706204736174694), (2, 4.302652729749462), (3, 3.1824463052837078), (7, 2.364624251592784),
        (10, 2.228138851986274), (29, 2.045229642132703), (30, 2.0422724563012378), (100, 1.9839715185235518),
        (1001, 1.9623367052808798),
    ])
    func quantilesAreSciPys(degrees: Int, expected: Double) {
        #expect(abs(StudentT.quantile(0.975, degrees: degrees) - expected) < 1e-9)
        #expect(abs(StudentT.distribution(expected, degrees: degrees) - 0.975) < 1e-12)
        #expect(StudentT.distribution(0, degrees: degrees) == 0.5)
    }

    @Test func theMeanHasStudentsInterval() throws {
        let estimate = try #require(StudentT.mean(of: [1, 2, 3, 6]))
        // By hand: s² = 14/3, s/√n = 1.0801, t(3) = 3.1824.
        #expect(estimate.value == 3 && estimate.count == 4)
        #expect(abs(estimate.upper - 3 - 3.1824463052837078 * 1.0801234497346435) < 1e-12)
        #expect(abs(estimate.upper + estimate.lower - 6) < 1e-12)
        let same = try #require(StudentT.mean(of: [0, 0, 0]))
        #expect(same.lower == 0 && same.upper == 0)
        #expect(StudentT.mean(of: [1]) == nil && StudentT.mean(of: []) == nil)
        #expect(StudentT.mean(of: [1, .infinity]) == nil)
    }

    @Test func intervalsCoverTheTruthAsOftenAsTheySay() throws {
        var generator = SeededGenerator(seed: 11)
        var covered = 0
        for _ in 0..<4000 {
            // Sums of twelve uniform numbers are as good as normal.
            let values = (0..<5).map { _ in (0..<12).reduce(0.0) { sum, _ in sum + generator.unit() } }
            let estimate = try #require(StudentT.mean(of: values))
            if estimate.lower <= 6, estimate.upper >= 6 { covered += 1 }
        }
        #expect(abs(Double(covered) / 4000 - 0.95) < 0.012)
    }
}
