import Elements
import Examples
import Hashing
import Testing

@Suite struct RankBlocksTests {
    static func example(_ number: Int, peak: Float) -> Example {
        let tokens = [UInt32(number)]
        let identity = SipHasher.hash128(tokens: tokens, key: SipKey(seed: 1))
        return Example(
            window: Window(tokens: tokens, identity: identity, priority: identity.high), activations: [peak])
    }

    static let examples = (0..<103).map { example($0, peak: Float(($0 * 37) % 103)) }

    @Test func blocksAreContiguousInRankAndNearlyEqualInSize() {
        let blocks = RankBlocks(of: Self.examples, count: 10).blocks
        #expect(blocks.map(\.count).allSatisfy { (10...11).contains($0) })
        #expect(blocks.flatMap(\.self).map(\.peak) == (0..<103).reversed().map(Float.init))
    }

    @Test func aChoiceTakesTheSameNumberFromEveryBlock() {
        let chosen = RankBlocks(of: Self.examples, count: 10).choose(40, latent: 3, seed: 7)
        #expect(chosen.count == 40)
        for block in 0..<10 { #expect(chosen.count { $0.block == block } == 4) }
        #expect(Set(chosen.map(\.example.window.identity)).count == 40)
    }

    @Test func shortBlocksAreMadeUpForByOthers() {
        let few = Array(Self.examples.prefix(7))
        let chosen = RankBlocks(of: few, count: 10).choose(40, latent: 3, seed: 7)
        #expect(Set(chosen.map(\.example.window.identity)) == Set(few.map(\.window.identity)))
    }

    @Test func theOrderInWhichExamplesComeDoesNotMatter() {
        let forward = RankBlocks(of: Self.examples, count: 10).choose(40, latent: 3, seed: 7)
        let backward = RankBlocks(of: Self.examples.reversed(), count: 10).choose(40, latent: 3, seed: 7)
        #expect(forward == backward)
    }

    @Test func seedAndLatentChangeTheChoice() {
        let blocks = RankBlocks(of: Self.examples, count: 10)
        #expect(blocks.choose(40, latent: 3, seed: 7) != blocks.choose(40, latent: 3, seed: 8))
        #expect(blocks.choose(40, latent: 3, seed: 7) != blocks.choose(40, latent: 4, seed: 7))
    }

    @Test func whereAWindowStandsDoesNotDependOnTheOthers() {
        let order = SeededOrder(seed: 5, purpose: .negatives)
        let identities = Self.examples.map(\.window.identity)
        let all = order.sorted(identities, latent: 2) { $0 }
        let half = order.sorted(Array(identities.prefix(50)), latent: 2) { $0 }
        let kept = Set(identities.prefix(50))
        #expect(all.filter(kept.contains) == half)
        #expect(SeededOrder(seed: 5, purpose: .examples).sorted(identities, latent: 2) { $0 } != all)
    }
}
