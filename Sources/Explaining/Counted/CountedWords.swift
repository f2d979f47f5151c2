import Elements
import Examples

/// A word, or a sign between words, at which a latent fired.
public struct CountedWord: Sendable, Hashable, Codable {
    /// The text as it is shown.
    public let text: String
    /// How often it stands in the windows that were counted.
    public let count: Int
    /// The mean of the strengths, from 1 to 10; 0 for a word that is only counted.
    public let strength: Double
}

/// The words at which a latent fires over all the windows kept of it, and the one that mostly comes before them.
public struct CountedEvidence: Sendable, Hashable, Codable {
    /// The words by the sum of their strengths, the largest first.
    public let words: [CountedWord]
    /// The firings counted, those of words not listed too.
    public let firings: Int
    /// The word that comes right before most firings, if that is telling.
    public let before: CountedWord?

    /// All of it in words, for the name of a job.
    var summary: String {
        let listed = words.map { "\($0.text) \($0.count) \($0.strength)" }
        return (listed + ["\(firings)", before.map { "\($0.text) \($0.count)" } ?? ""]).joined(separator: "|")
    }

    /// The most words listed.
    static let most = 12
    /// A word before the firings is named from this share of them on,
    static let shareBefore = 0.4
    /// if it is this many times commoner there than in the same windows at large,
    static let liftBefore = 3.0
    /// and comes before at least this many.
    static let fewestBefore = 3

    /// Counts the marked words of windows; `maximum` is the latent's largest activation.
    init(of examples: [Example], maximum: Float, hiding token: UInt32?, tokenDecoder: any TokenDecoder) {
        var counts: [String: (count: Int, strength: Int)] = [:]
        var before: [String: Int] = [:]
        var everywhere: [String: Int] = [:]
        var firings = 0
        for example in examples {
            let words = WindowWords(
                example.window.tokens, marked: MarkedTokens.marks(of: example),
                strengths: MarkedTokens.strengths(of: example, maximum: maximum), hiding: token,
                tokenDecoder: tokenDecoder
            ).words
            for (index, word) in words.enumerated() {
                everywhere[word.text, default: 0] += 1
                guard word.isMarked else { continue }
                firings += 1
                counts[word.text, default: (0, 0)].count += 1
                counts[word.text, default: (0, 0)].strength += word.strength
                if index > 0, !words[index - 1].isMarked { before[words[index - 1].text, default: 0] += 1 }
            }
        }
        self.firings = firings
        words = counts.map { text, sum in
            CountedWord(text: text, count: sum.count, strength: Double(sum.strength) / Double(sum.count))
        }.sorted { one, other in
            let (left, right) = (one.strength * Double(one.count), other.strength * Double(other.count))
            return left != right ? left > right : one.text < other.text
        }.prefix(Self.most).map(\.self)
        let all = Double(max(1, everywhere.values.reduce(0, +)))
        let commonest = before.min { ($1.value, $0.key) < ($0.value, $1.key) }
        self.before = commonest.flatMap { text, count in
            let share = Double(count) / Double(max(1, firings))
            let usual = Double(everywhere[text] ?? 0) / all
            guard count >= Self.fewestBefore, share >= Self.shareBefore, share >= Self.liftBefore * usual else {
                return nil
            }
            return CountedWord(text: text, count: count, strength: 0)
        }
    }
}
