/// Takes out of what a model wrote the texts that say nothing about an explanation.
///
/// A text that only holds words of the explanation counts: one that is to hold the word "let" must. What does not count repeats
/// the explanation itself, a worked case, or a text that is there already.
struct TextSieve: Sendable {
    /// Why a text does not count.
    enum Fault: Sendable, Hashable {
        /// It repeats a run of the explanation's words.
        case echo
        /// It is one of the worked cases, or was written before.
        case repetition
    }

    /// So many words of the explanation in a row are an echo of it; fewer if it has fewer, but not below `fewest`.
    private static let run = 5
    /// An explanation with fewer words may be what the text must hold.
    private static let fewest = 3

    private let runs: Set<[String]>
    private let length: Int
    private var known: Set<[String]>
    /// The texts that count, in the order in which they came.
    private(set) var texts: [String] = []
    /// How many texts there were of each fault.
    private(set) var faults: [Fault: Int] = [:]

    /// Makes a sieve for the texts of one explanation; `nil` if they are written for none.
    init(explanation: String?) {
        let words = explanation.map(Self.words) ?? []
        length = min(words.count, Self.run)
        runs = words.count >= Self.fewest ? Set(Self.runs(of: length, in: words)) : []
        known = Set(WritingShot.all.flatMap(\.texts).map { Self.words($0) })
    }

    /// Takes in a text; a text without a word or a digit counts by its characters.
    mutating func take(_ text: String) {
        let words = Self.words(text)
        if Self.runs(of: length, in: words).contains(where: runs.contains) {
            faults[.echo, default: 0] += 1
        } else if known.insert(words.isEmpty ? [text] : words).inserted {
            texts.append(text)
        } else {
            faults[.repetition, default: 0] += 1
        }
    }

    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    private static func runs(of length: Int, in words: [String]) -> [[String]] {
        guard length > 0, words.count >= length else { return [] }
        return (0...words.count - length).map { Array(words[$0..<$0 + length]) }
    }
}
