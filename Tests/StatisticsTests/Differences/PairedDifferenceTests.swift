import Elements
import TestSupport
import Testing

@testable import Statistics

/// Differences against NumPy and SciPy, and what must hold of any two nodes.
@Suite struct PairedDifferenceTests {
    private struct Golden: Decodable {
        struct Pair: Decodable {
            let a: [Double]
            let b: [Double]
            let difference: Double
            let meanA: Double
            let meanB: Double
            let wins: Int
            let ties: Int
            let losses: Int
            let paired: Double
            let unpaired: Double
            let pearson: Double
            let spearman: Double
            let interval: [Double]
            let apart: [Double]
        }
        struct Tail: Decodable {
            let latents: Int
            let tail: Double
        }
        struct Power: Decodable {
            let difference: Double
            let deviation: Double
            let latents: Int
        }
        let pairs: [Pair]
        let tails: [Tail]
        let power: [Power]
    }

    private let golden: Golden

    init() throws { golden = try GoldenFiles.decode(Golden.self, from: "statistics/differences.json") }

    private func paired(_ a: [Double], _ b: [Double]) -> [PairedValue] { zip(a, b).map { PairedValue(a: $0, b: $1) } }

    @Test func figuresAreSciPysAndIntervalsThoseOfItsBootstrap() throws {
        #expect(golden.pairs.count == 4)
        for pair in golden.pairs {
            let own = try #require(PairedDifference(of: paired(pair.a, pair.b), resamples: 8000))
            for (value, expected) in [
                (own.difference.value, pair.difference), (own.meanOfA, pair.meanA), (own.meanOfB, pair.meanB),
                (try #require(own.pairedError), pair.paired), (try #require(own.unpairedError), pair.unpaired),
                (try #require(own.pearson), pair.pearson), (try #require(own.spearman), pair.spearman),
            ] { #expect(abs(value - expected) < 1e-12) }
            #expect(own.outcomes == .init(wins: pair.wins, ties: pair.ties, losses: pair.losses))
            expectNear(own.difference, pair.interval)
            #expect(!own.resamplesDocuments)
        }
    }

    @Test func meansOfLatentsDrawnApartAreNumPysToo() throws {
        for pair in golden.pairs {
            func group(_ values: [Double], _ seed: UInt64) -> LatentGroup {
                LatentGroup(values.map { LatentValue(value: $0, count: 1) }, seed: seed)
            }
            let own = try #require(UnpairedDifference(group(pair.a, 1), group(pair.b, 2), resamples: 8000))
            #expect(abs(own.difference.value - pair.difference) < 1e-12)
            #expect(abs(try #require(own.error) - pair.unpaired) < 1e-12)
            expectNear(own.difference, pair.apart)
        }
    }

    /// Both are random: a twentieth of the interval's width is several standard errors of its ends.
    private func expectNear(_ own: Estimate, _ expected: [Double]) {
        let tolerance = (expected[1] - expected[0]) / 20
        #expect(abs(own.lower - expected[0]) < tolerance && abs(own.upper - expected[1]) < tolerance)
    }

    @Test func tailsAreThoseOfStudentsQuantile() {
        #expect(golden.tails.count == 7)
        for tail in golden.tails {
            #expect(abs(DifferenceInterval.tail(latents: tail.latents) - tail.tail) < 1e-9)
        }
    }

    @Test func asManyLatentsAreNeededAsATTestNeedsByTheNoncentralT() throws {
        #expect(golden.power.count == 6)
        for power in golden.power {
            let own = NeededLatents(difference: power.difference, deviation: power.deviation, shared: 0)
            let count = try #require(own.more(than: 0))
            #expect(abs(count - power.latents) <= 1, "\(count) for \(power.latents)")
        }
    }

    @Test func whatDocumentsHideNoNumberOfLatentsShows() {
        // 2.8 standard errors of what documents add are more than the difference.
        #expect(NeededLatents(difference: 0.1, deviation: 0.2, shared: 0.0016) == .moreDocuments)
        #expect(NeededLatents(difference: 0, deviation: 0.2, shared: 0) == .noDifference)
        let alone = NeededLatents(difference: 0.1, deviation: 0.2, shared: 0)
        let besides = NeededLatents(difference: 0.1, deviation: 0.2, shared: 0.0006)
        #expect((alone.more(than: 0) ?? 0) < (besides.more(than: 0) ?? 0))
        #expect(alone.more(than: 10_000) == 0)
    }

    @Test(arguments: 0..<20) func exchangingTheNodesNegatesTheDifference(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let documents = (0..<12).map { UInt32($0) &+ UInt32(truncatingIfNeeded: seed) * 100 }
        func score() -> (Double, ScoreReplicates?) {
            let values = documents.map { _ in random.unit() }
            return (
                values.reduce(0, +) / 12,
                ScoreReplicates(documents: documents.map { Optional($0) }, values: values)
            )
        }
        let latents = try (0..<(2 + random.next(below: 30))).map { _ in
            let (a, ofA) = score()
            let (b, ofB) = score()
            return (a, try #require(ofA), b, try #require(ofB))
        }
        let one = try #require(
            PairedDifference(
                of: latents.map { PairedValue(a: $0.0, b: $0.2, replicates: (a: $0.1, ofA: $0.0, b: $0.3, ofB: $0.2)) })
        )
        let other = try #require(
            PairedDifference(
                of: latents.map { PairedValue(a: $0.2, b: $0.0, replicates: (a: $0.3, ofA: $0.2, b: $0.1, ofB: $0.0)) })
        )
        #expect(one.resamplesDocuments && other.resamplesDocuments)
        #expect(abs(one.difference.value + other.difference.value) < 1e-15)
        #expect(abs(one.difference.lower + other.difference.upper) < 1e-12)
        #expect(abs(one.difference.upper + other.difference.lower) < 1e-12)
        #expect(one.outcomes.wins == other.outcomes.losses && one.outcomes.ties == other.outcomes.ties)
        #expect(one.needed == other.needed)
        #expect(one.difference.lower <= one.difference.value && one.difference.value <= one.difference.upper)
    }

    @Test func aNodeBesideItselfDiffersByNothing() throws {
        var random = SeededGenerator(seed: 5)
        let values = try (0..<25).map { latent in
            let parts = (0..<10).map { _ in random.unit() }
            let documents = parts.indices.map { UInt32?.some(UInt32($0 + latent)) }
            let replicates = try #require(ScoreReplicates(documents: documents, values: parts))
            let value = parts.reduce(0, +) / 10
            return PairedValue(
                a: value, b: value, replicates: (a: replicates, ofA: value, b: replicates, ofB: value))
        }
        let own = try #require(PairedDifference(of: values))
        #expect(own.difference == Estimate(value: 0, lower: 0, upper: 0, count: 25))
        #expect(own.outcomes == .init(wins: 0, ties: 25, losses: 0))
        #expect(own.pairedError == 0 && own.needed == .noDifference && !own.difference.isTold)
        #expect(abs(try #require(own.pearson) - 1) < 1e-12)
    }

    @Test func coderBesideItsOwnLatentsIsTheSameWhicheverComesFirst() throws {
        let (a, b) = (golden.pairs[1].a, golden.pairs[2].b)
        let groups = [a, b].enumerated().map { number, values in
            LatentGroup(values.map { LatentValue(value: $0, count: 1) }, seed: UInt64(number))
        }
        let one = try #require(UnpairedDifference(groups[0], groups[1]))
        let other = try #require(UnpairedDifference(groups[1], groups[0]))
        #expect(abs(one.difference.lower + other.difference.upper) < 1e-12)
        #expect(abs(one.difference.upper + other.difference.lower) < 1e-12)
        #expect(one.difference.value == -other.difference.value)
    }

    @Test func oneLatentSaysNothingOfTheSpread() throws {
        let own = try #require(PairedDifference(of: paired([0.9], [0.4])))
        #expect(own.difference == Estimate(value: 0.5, lower: -1, upper: 1, count: 1))
        #expect(own.pairedError == nil && own.unpairedError == nil && own.needed == nil)
        #expect(PairedDifference(of: []) == nil)
        #expect(UnpairedDifference(LatentGroup([], seed: 1), LatentGroup([], seed: 2)) == nil)
    }

    @Test func theSameValuesGiveTheSameIntervalEachTime() throws {
        let values = paired(golden.pairs[1].a, golden.pairs[1].b)
        #expect(PairedDifference(of: values) == PairedDifference(of: values))
    }
}
