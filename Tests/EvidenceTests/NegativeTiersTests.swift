import Elements
import Hashing
import TestSupport
import Testing

@testable import Evidence

@Suite struct NegativeTiersTests {
    private static func pool(_ generator: inout SplitMix, windows: Int) -> [PoolWindow] {
        let hashing = WindowHashing(seed: 3)
        return (0..<windows).map { _ in
            let tokens = (0..<16).map { _ in UInt32(generator.below(12 + generator.below(60))) }
            let identity = hashing.identity(of: tokens[...])
            let latents = (0..<9).filter { _ in generator.below(3) == 0 }.map(Int32.init)
            let side = generator.below(5)
            return PoolWindow(
                window: Window(tokens: tokens, identity: identity, priority: hashing.priority(of: identity)),
                latents: latents, isTrain: side < 2, isTest: side > 0)
        }
    }

    private static func evidence(_ latent: Int, _ pool: [PoolWindow], _ generator: inout SplitMix)
        -> LatentEvidence
    {
        let train = pool.filter { $0.isTrain && $0.fires(latent) }.prefix(20).map { window in
            Example(
                window: window.window,
                activations: window.window.tokens.map { _ in Float(generator.below(4)) })
        }
        return LatentEvidence(
            latent: latent, statistics: EvidenceContent.noCounts, train: train, top: [], test: [], recent: [])
    }

    @Test func eachTierHoldsWhatBruteForceFindsAndNoTierIsFilledFromAnother() {
        var generator = SplitMix(seed: 8)
        var available = 0
        var missing = 0
        for round in 0..<60 {
            let pool = Self.pool(&generator, windows: 20 + generator.below(300))
            let tiers = NegativeTiers(pool: pool)
            for latent in 0..<9 {
                let evidence = Self.evidence(latent, pool, &generator)
                let shown = evidence.train.prefix(5).map(\.window)
                let silent = pool.filter { window in !window.isTrain && !window.fires(latent) }
                let near = [(latent + 1) % 9, (latent + 4) % 9]
                let peak = NegativeTiers.peakToken(of: evidence)
                let expected: [NegativeTier: [PoolWindow]] = [
                    .random: silent,
                    .lexical: silent.filter { window in peak.map(window.window.tokens.contains) ?? false },
                    .neighbour: silent.filter { window in near.contains { window.fires($0) } },
                ]
                for count in [10, 25, 1000] {
                    let request = TierRequest(count: count, seed: UInt64(round), shown: shown)
                    let draws: [NegativeTier: TierDraw] = [
                        .random: tiers.random(for: latent, request), .lexical: tiers.lexical(for: evidence, request),
                        .neighbour: tiers.neighbour(for: latent, near: near, request),
                    ]
                    for tier in NegativeTier.allCases where tier != .semantic {
                        let all = HeldOut.negatives(for: latent, in: expected[tier] ?? [], shown: shown).windows
                        guard let draw = draws[tier] else { continue }
                        #expect(draw.count == min(count, all.count))
                        switch draw {
                        case .available(let windows):
                            available += 1
                            #expect(windows.count >= 10 && Set(windows).count == windows.count)
                            #expect(Set(windows).isSubset(of: all))
                        case .notAvailable(let number):
                            missing += 1
                            #expect(number < 10 && number == all.count && draw.windows.isEmpty)
                        }
                    }
                }
            }
        }
        #expect(available > 500 && missing > 60)
    }

    @Test func aDrawDependsOnSeedAndWindowsButNotOnTheirOrder() {
        var generator = SplitMix(seed: 9)
        let pool = Self.pool(&generator, windows: 400)
        let request = TierRequest(count: 20, seed: 5)
        let draw = NegativeTiers(pool: pool).random(for: 2, request)
        #expect(NegativeTiers(pool: pool.shuffled(using: &generator)).random(for: 2, request) == draw)
        #expect(NegativeTiers(pool: pool).random(for: 2, TierRequest(count: 20, seed: 6)) != draw)
        #expect(NegativeTiers(pool: pool).random(for: 3, request).windows != draw.windows)
        // More of the same draw begins as the shorter one does.
        let longer = NegativeTiers(pool: pool).random(for: 2, TierRequest(count: 40, seed: 5)).windows
        #expect(Array(longer.prefix(20)) == draw.windows)
    }

    @Test func neighboursTakeTurns() {
        var generator = SplitMix(seed: 10)
        let pool = Self.pool(&generator, windows: 600)
        let draw = NegativeTiers(pool: pool).neighbour(for: 0, near: [3, 0, 5], TierRequest(count: 20, seed: 1))
        for (place, window) in draw.windows.enumerated() { #expect(window.fires(place % 2 == 0 ? 3 : 5)) }
        #expect(draw.count == 20)
        #expect(
            NegativeTiers(pool: pool).neighbour(for: 0, near: [0, -1, .max], TierRequest(count: 20, seed: 1))
                == .notAvailable(0))
    }

    @Test func windowsThatOverlapWithWhatWasShownAreDroppedOrKept() {
        var generator = SplitMix(seed: 11)
        let pool = Self.pool(&generator, windows: 100)
        let silent = pool.filter { !$0.isTrain && !$0.fires(1) }.map(\.window)
        var request = TierRequest(count: 100, seed: 1, shown: Array(silent.prefix(5)))
        let tiers = NegativeTiers(pool: pool)
        #expect(tiers.random(for: 1, request).count == silent.count - 5)
        request.overlap = .keep
        #expect(tiers.random(for: 1, request).count == silent.count)
    }

    /// Similarities with many ties, so that the order of ties shows.
    private static func similarities(_ queries: Int, _ windows: Int, _ generator: inout SplitMix) -> Matrix {
        var matrix = Matrix(rows: queries, columns: windows)
        for place in matrix.values.indices { matrix.values[place] = Float(generator.below(50)) / 50 - 0.2 }
        return matrix
    }

    @Test func semanticWindowsAreThoseOfANaiveNearestSearchUnderTheCap() {
        var generator = SplitMix(seed: 12)
        for round in 0..<40 {
            let pool = Self.pool(&generator, windows: 30 + generator.below(200))
            let tiers = NegativeTiers(pool: pool)
            let (latent, queries) = (generator.below(9), 1 + generator.below(12))
            let matrix = Self.similarities(queries, tiers.windows.count, &generator)
            let shown = pool.filter { !$0.isTrain && !$0.fires(latent) }.prefix(3).map(\.window)
            for count in [10, 25, 60] {
                let draw = tiers.semantic(
                    for: latent, similarities: matrix, TierRequest(count: count, seed: UInt64(round), shown: shown))
                // Each query in turn takes the nearest window that no one has, up to its share.
                let share = (count + queries - 1) / queries
                let allowed = HeldOut.negatives(for: latent, in: tiers.windows, shown: shown).windows
                var taken: [PoolWindow] = []
                for _ in 0..<share {
                    for query in 0..<queries where taken.count < count {
                        let nearest = tiers.windows.indices
                            .filter { allowed.contains(tiers.windows[$0]) && !taken.contains(tiers.windows[$0]) }
                            .max {
                                let row = query * tiers.windows.count
                                return (matrix.values[row + $0], $1) < (matrix.values[row + $1], $0)
                            }
                        if let nearest { taken.append(tiers.windows[nearest]) }
                    }
                }
                #expect(draw == (taken.count < 10 ? .notAvailable(taken.count) : .available(taken)))
            }
        }
    }

    @Test func semanticWindowsNeedSimilaritiesOfEveryWindow() {
        var generator = SplitMix(seed: 13)
        let tiers = NegativeTiers(pool: Self.pool(&generator, windows: 100))
        let request = TierRequest(count: 20, seed: 1)
        let none = Matrix(rows: 0, columns: tiers.windows.count)
        #expect(tiers.semantic(for: 1, similarities: none, request) == .notAvailable(0))
        #expect(tiers.semantic(for: 1, similarities: Matrix(rows: 2, columns: 3), request) == .notAvailable(0))
        var blank = Matrix(rows: 2, columns: tiers.windows.count)
        for place in blank.values.indices { blank.values[place] = .nan }
        #expect(tiers.semantic(for: 1, similarities: blank, request) == .notAvailable(0))
    }
}
