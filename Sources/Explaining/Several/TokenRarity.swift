public import Elements
import Examples
import Foundation
import Hashing

/// How rare tokens are among the train-side windows of a pool: made once per view.
public struct TokenRarity: Sendable {
    private let windows: [String: Int]
    private let count: Int
    /// A hash of all counts.
    let digest: Hash128

    /// Counts the windows that hold each text.
    public init(pool: [PoolWindow], tokenDecoder: any TokenDecoder) {
        var folded: [UInt32: String] = [:]
        var windows: [String: Int] = [:]
        var count = 0
        for window in pool where window.isTrain && !window.isTest {
            count += 1
            var texts: Set<String> = []
            for token in window.window.tokens {
                let text = folded[token] ?? TellingTokens.folded(token, tokenDecoder)
                folded[token] = text
                texts.insert(text)
            }
            for text in texts { windows[text, default: 0] += 1 }
        }
        var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x7261_7265), wide: true)
        hasher.update(Int64(count))
        for (text, number) in windows.sorted(by: { $0.key < $1.key }) {
            hasher.update(text: text)
            hasher.update(Int64(number))
        }
        digest = hasher.finalize128()
        self.windows = windows
        self.count = count
    }

    /// 1 − ln(1 + w) / ln(1 + n) for a text in `w` of `n` windows: 1 for one in none, 0 for one in all.
    public subscript(text: String) -> Double {
        guard count > 0 else { return 1 }
        return max(0, 1 - log(Double(1 + (windows[text] ?? 0))) / log(Double(1 + count)))
    }
}
