import Elements
import Foundation
import Testing

@testable import Statistics

/// Two nodes score the same latents on the same documents: how often the interval of their difference holds the true one.
@Suite struct DifferenceCoverageTests {
    private static let trials = 220
    private static let truth = 0.04

    private static func normal(_ generator: inout SeededGenerator) -> Double {
        (-2 * log(1 - generator.unit())).squareRoot() * cos(2 * .pi * generator.unit())
    }

    /// One run: latents that are easy or hard for both, and documents of which some are harder for the second node.
    ///
    /// - Parameter shared: How much documents differ in what they do to the difference; `nil` for values without documents.
    private static func run(latents: Int, shared: Double?, seed: UInt64) throws -> PairedDifference {
        var random = SeededGenerator(seed: seed)
        let documents = (0..<50).map { UInt32(truncatingIfNeeded: seed) &* 1000 &+ UInt32($0) }
        let effects = documents.map { _ in (shared ?? 0) * normal(&random) }
        let values = try (0..<latents).map { _ in
            let (ease, own) = (0.15 * normal(&random), 0.05 * normal(&random))
            guard shared != nil else {
                return PairedValue(a: ease + own + truth + 0.05 * normal(&random), b: ease + 0.05 * normal(&random))
            }
            let taken = (0..<16).map { _ in random.next(below: documents.count) }
            let marks = taken.map { UInt32?.some(documents[$0]) }
            let a = taken.map { _ in ease + own + truth + 0.3 * normal(&random) }
            let b = taken.map { ease + effects[$0] + 0.3 * normal(&random) }
            let (ofA, ofB) = (a.reduce(0, +) / 16, b.reduce(0, +) / 16)
            let replicates = try (
                a: #require(ScoreReplicates(documents: marks, values: a)), ofA: ofA,
                b: #require(ScoreReplicates(documents: marks, values: b)), ofB: ofB
            )
            return PairedValue(a: ofA, b: ofB, replicates: replicates)
        }
        return try #require(PairedDifference(of: values, range: -10...10, resamples: 400))
    }

    /// The bound is 95 % less three standard errors of 220 runs, and a little less for documents, since what fifty of them have in
    /// common is itself an estimate.
    @Test(arguments: [(8, nil), (40, nil), (30, 0.3)])
    func intervalsHoldTheTrueDifference(latents: Int, shared: Double?) throws {
        var (held, narrower) = (0, 0)
        for trial in 0..<Self.trials {
            let own = try Self.run(latents: latents, shared: shared, seed: UInt64(1000 * latents + trial))
            if own.difference.lower <= Self.truth, Self.truth <= own.difference.upper { held += 1 }
            if try #require(own.pairedError) < (try #require(own.unpairedError)) { narrower += 1 }
        }
        let share = Double(held) / Double(Self.trials)
        #expect(share > (shared == nil ? 0.905 : 0.88) && share < 0.995, "\(share) of \(latents) latents")
        // What is easy for one node is easy for the other, so that pairs tell more than means apart.
        #expect(narrower > Self.trials * 9 / 10, "\(narrower)")
    }
}
