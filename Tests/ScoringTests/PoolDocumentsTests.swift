import Elements
import Hashing
import Statistics
import Testing

@testable import Scoring

@Suite struct PoolDocumentsTests {
    @Test func theSilentWindowsOfAPoolAreResampledAsTheyAre() throws {
        var generator = SeededGenerator(seed: 4)
        let pool = (0..<200).map { number in
            PoolWindow(
                window: Window(
                    tokens: [UInt32(generator.next(below: 5))], identity: Hash128(high: 1, low: UInt64(number)),
                    priority: UInt64(number)), latents: generator.unit() < 0.3 ? [4] : [], isTrain: false, isTest: true,
                document: UInt32(generator.next(below: 30)))
        }
        let kept = NegativePool(pool: pool)
        let (alarms, silent) = kept.alarms(silent: 4) { $0.first == 2 }
        #expect(silent == pool.count { $0.latents.isEmpty })
        let passed = try #require(kept.passed(silent: 4, alarms: alarms))
        let own = pool.filter(\.latents.isEmpty)
        let naive = try #require(
            ScoreReplicates(
                documents: own.map(\.document), isPositive: own.map { _ in true },
                isYes: own.map { $0.window.tokens != [2] })?.parts[0])
        for (a, b) in zip(passed, naive) { #expect(isRounded(b, a)) }
        let unknown = NegativePool(
            pool: [PoolWindow(window: pool[0].window, latents: [], isTrain: false, isTest: true)])
        #expect(unknown.passed(silent: 4, alarms: []) == nil)
    }
}
