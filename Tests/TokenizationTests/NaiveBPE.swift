import TestSupport

@testable import Tokenization

/// BPE as the papers write it: of all adjacent pairs merge the one of lowest rank, the leftmost, until none is left.
enum NaiveBPE {
    static func merged(_ word: [String], _ left: String, _ right: String) -> [String] {
        var result = [String]()
        var index = 0
        while index < word.count {
            if index + 1 < word.count, word[index] == left, word[index + 1] == right {
                result.append(left + right)
                index += 2
            } else {
                result.append(word[index])
                index += 1
            }
        }
        return result
    }

    /// The symbols of a word after all merges.
    static func symbols(_ word: [UInt8], _ vocabulary: TinyVocabulary) -> [String] {
        var symbols = word.map { TinyVocabulary.alphabet[Int($0)] }
        var ranks: [[String]: Int] = [:]
        for (rank, merge) in vocabulary.merges.enumerated() { ranks[[merge.left, merge.right]] = rank }
        while true {
            let pairs = symbols.indices.dropLast().compactMap { place in
                ranks[[symbols[place], symbols[place + 1]]].map { (rank: $0, place: place) }
            }
            guard let best = pairs.min(by: { ($0.rank, $0.place) < ($1.rank, $1.place) }) else { return symbols }
            symbols.replaceSubrange(best.place...best.place + 1, with: [symbols[best.place] + symbols[best.place + 1]])
        }
    }

    /// The ids of a text by regular expressions and naive merging.
    static func encode(_ text: String, _ vocabulary: TinyVocabulary, _ rule: SplitRule) -> [UInt32] {
        let tokens = vocabulary.tokens
        return NaiveSplit.words(of: text, rule).flatMap { symbols(Array($0.utf8), vocabulary) }
            .compactMap { symbol in tokens.lastIndex(of: symbol).map { UInt32($0) } }
    }
}

extension SplitMix {
    /// A text of scalars drawn from an alphabet.
    mutating func text(_ alphabet: [Unicode.Scalar], length: Int) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<length { text.append(alphabet.randomElement(using: &self) ?? " ") }
        return String(text)
    }
}
