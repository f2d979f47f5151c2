import Elements
import Hashing
import TestSupport
import Testing

@Suite struct FiringListsTests {
    private func window(_ latents: [Int32]) -> PoolWindow {
        PoolWindow(
            window: Window(tokens: [1], identity: Hash128(high: 0, low: 1), priority: 2), latents: latents,
            isTrain: false, isTest: true)
    }

    @Test func eachLatentHasTheWindowsThatNameIt() {
        var generator = SplitMix(seed: 8)
        for size in [0, 1, 7, 300] {
            let windows = (0..<size).map { _ in
                window((0..<50).filter { _ in generator.below(9) == 0 }.map { Int32($0 * $0) })
            }
            let lists = FiringLists(of: windows)
            for latent in -1...2600 {
                let expected = windows.indices.filter { windows[$0].latents.contains(Int32(latent)) }
                #expect(lists[latent].map(Int.init) == expected)
            }
        }
    }

    @Test func noWindowsHaveNoLists() {
        #expect(FiringLists(of: [])[0].isEmpty && FiringLists(of: [window([])])[0].isEmpty)
    }
}
