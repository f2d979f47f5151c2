import Elements
import Examples

/// The word that a token of letters stands in, put together from the tokens round it.
struct WordRound {
    /// The most tokens looked at on either side.
    private static let reach = 6

    /// Its text.
    let text: String

    /// The word round a place; `nil` if the token there is not made of letters.
    init?(_ place: Int, in tokens: [UInt32], _ tokenDecoder: any TokenDecoder) {
        let pieces = { (index: Int) in String(decoding: tokenDecoder.bytes(of: tokens[index]), as: UTF8.self) }
        let own = pieces(place)
        guard Self.isWord(own.dropFirst(own.first == " " ? 1 : 0)) else { return nil }
        var (first, last) = (place, place)
        // A piece goes on with the word before it if it does not begin with a space.
        while first > 0, place - first < Self.reach, !tokenDecoder.isSpecial(tokens[first - 1]),
            pieces(first).first?.isLetter == true
        {
            let before = pieces(first - 1)
            guard Self.isWord(before.dropFirst(before.first == " " ? 1 : 0)) else { break }
            first -= 1
        }
        while last + 1 < tokens.count, last - place < Self.reach, !tokenDecoder.isSpecial(tokens[last + 1]),
            Self.isWord(pieces(last + 1)[...])
        {
            last += 1
        }
        guard let text = TokenText(of: Array(tokens[first...last]), tokenDecoder) else { return nil }
        self.text = text.word
    }

    private static func isWord(_ text: Substring) -> Bool { !text.isEmpty && text.allSatisfy(\.isLetter) }
}
