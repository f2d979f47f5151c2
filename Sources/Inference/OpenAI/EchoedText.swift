/// A text that a server has given back in its own tokens, aligned with the pieces that it was sent in.
///
/// Servers differ in how they write a token: SentencePiece tokens lose the space before them, parts of a character come as
/// U+FFFD or empty, and a control token may stand before the text. So tokens and text are compared without spaces and
/// line ends, and what cannot be read is skipped and caught up with a few characters later.
struct EchoedText {
    /// Where a piece ends among the tokens.
    struct End: Equatable {
        /// The first token that goes on after the piece: one that begins after it, or in which it ends.
        let next: Int
        /// Whether the piece ends where a token ends.
        let isExact: Bool
    }

    /// How far an unreadable part of a text may reach, in characters.
    private static let reach = 16

    private let tokens: [String]
    private let shown: [Unicode.Scalar]
    /// By piece: how much of `shown` lies before its end.
    private let bounds: [Int]
    /// By piece: the spaces and line ends at its end.
    private let tails: [String]

    /// Where each piece ends; `nil` if the tokens are not those of the text.
    static func ends(of pieces: [String], in tokens: [String]) -> [End]? {
        EchoedText(pieces, tokens).ends()
    }

    private init(_ pieces: [String], _ tokens: [String]) {
        self.tokens = tokens
        var shown: [Unicode.Scalar] = []
        bounds = pieces.map { piece in
            shown += Self.shown(piece)
            return shown.count
        }
        self.shown = shown
        tails = pieces.map { piece in
            String(piece.unicodeScalars.reversed().prefix(while: Self.isBlank).reversed().map(Character.init))
        }
    }

    private func ends() -> [End]? {
        var ends: [End] = []
        var position = 0
        var isLost = false
        for (index, token) in tokens.enumerated() {
            let scalars = Self.shown(token)
            if token.unicodeScalars.contains("\u{FFFD}") { isLost = true }
            guard !scalars.isEmpty else { continue }
            let limit = isLost ? Self.reach : 0
            let skipped = (0...limit).first { shown.dropFirst(position + $0).starts(with: scalars) }
            if let skipped {
                position += skipped + scalars.count
                isLost = false
            } else if index > 0 || isLost {
                return nil
            }
            while ends.count < bounds.count, position >= bounds[ends.count] {
                let isExact = position == bounds[ends.count]
                ends.append(End(next: isExact ? afterTail(tails[ends.count], from: index) : index, isExact: isExact))
            }
            if ends.count == bounds.count { return ends }
        }
        return nil
    }

    /// The first token after a piece whose last character that shows is in a token.
    private func afterTail(_ tail: String, from index: Int) -> Int {
        let own = String(
            tokens[index].unicodeScalars.reversed().prefix(while: Self.isBlank).reversed().map(Character.init))
        var rest = tail.hasPrefix(own) ? tail.dropFirst(own.count) : ""
        var next = index + 1
        while next < tokens.count, !rest.isEmpty, !tokens[next].isEmpty, rest.hasPrefix(tokens[next]) {
            rest = rest.dropFirst(tokens[next].count)
            next += 1
        }
        return next
    }

    /// What of a text shows, tabs included.
    static func shown(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { !isBlank($0) && $0 != "\u{FFFD}" }
    }

    /// Spaces and line ends, and what vocabularies write for a space.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\n", "\r", "▁", "Ġ": true
        default: false
        }
    }
}
