import Elements
import Hashing
import Testing

@testable import Evidence

@Suite struct TokenRunIndexTests {
    private static func window(_ tokens: [UInt32]) -> Window {
        let identity = SipHasher.hash128(tokens: tokens, key: SipKey(seed: 3))
        return Window(tokens: tokens, identity: identity, priority: identity.high)
    }

    /// Few tokens that repeat, so that many windows share runs of about the length that counts.
    private static let windows: [Window] = {
        var state: UInt64 = 9
        func draw(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        let text = (0..<200).map { _ in UInt32(draw(50)) }
        return (0..<300).map { _ in
            let start = Int(draw(170))
            let shared = Array(text[start..<start + 6 + Int(draw(12))])
            return window((0..<Int(draw(5))).map { _ in UInt32(draw(50)) } + shared)
        }
    }()

    @Test func itFindsWhatComparingEachWindowFinds() {
        let index = TokenRunIndex(of: Self.windows)
        var found = 0
        for start in stride(from: 0, to: 300, by: 3) {
            let shown = Array(Self.windows[start..<start + 3])
            let runs = TokenRuns(of: shown)
            let expected = Self.windows.indices.filter { runs.share(with: Self.windows[$0].tokens) }
            #expect(index.numbers(sharing: shown) == expected)
            found += expected.count
        }
        #expect(found > 300)
    }

    @Test func shortWindowsShareNothing() {
        let short = Self.window(Array(0..<12))
        #expect(TokenRunIndex(of: [short]).numbers(sharing: [short]) == [])
        #expect(TokenRunIndex(of: []).numbers(sharing: Self.windows) == [])
        #expect(TokenRunIndex(of: Self.windows).numbers(sharing: []) == [])
    }

    @Test func itTakesNoMoreThanIsStated() {
        let windows = (0..<64).map { number in Self.window((0..<32).map { UInt32(number * 32 + $0) }) }
        let held = Double(TokenRunIndex(of: windows).residentBytes)
        let estimate = TokenRunIndex.memoryEstimate(windows: 64, tokens: 32)
        #expect(held <= estimate && estimate < 2 * held)
    }
}
