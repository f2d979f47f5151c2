import Elements
import Examples

/// A token as it is named in a prompt, apart from the passages.
struct TokenText: Hashable {
    /// Its safe text without spaces round it, or `space` for nothing but spaces.
    let word: String

    /// The text of a token; `nil` for one without a text of its own, such as a part of a character.
    init?(of token: UInt32, _ tokenDecoder: any TokenDecoder) {
        self.init(of: [token], tokenDecoder)
    }

    /// The text of tokens that stand side by side; `nil` likewise.
    init?(of tokens: [UInt32], _ tokenDecoder: any TokenDecoder) {
        let line = SubjectText.line(of: tokens, tokenDecoder: tokenDecoder)
        guard !line.isEmpty, !line.contains("\u{FFFD}") else { return nil }
        let trimmed = line.trimmingSpaces
        word = trimmed.isEmpty ? "space" : trimmed
    }

    /// The first `most` elements whose tokens have texts that differ by more than case and spaces; none whose token has no text.
    static func distinct<Element>(
        _ elements: some Sequence<Element>, most: Int, _ tokenDecoder: any TokenDecoder, token: (Element) -> UInt32
    ) -> [Element] {
        var seen: Set<String> = []
        var found: [Element] = []
        for element in elements {
            guard found.count < most else { break }
            let token = token(element)
            guard !tokenDecoder.isSpecial(token), let text = TokenText(of: token, tokenDecoder),
                seen.insert(text.word.lowercased()).inserted
            else { continue }
            found.append(element)
        }
        return found
    }
}

extension String {
    /// The text without spaces at its ends.
    var trimmingSpaces: String {
        guard let first = firstIndex(where: { $0 != " " }), let last = lastIndex(where: { $0 != " " }) else {
            return ""
        }
        return String(self[first...last])
    }
}
