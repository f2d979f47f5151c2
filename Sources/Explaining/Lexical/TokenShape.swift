import Elements

/// What a token looks like, as far as lexical terms care.
struct TokenShape: Sendable, Hashable {
    /// The token's letters in lower case if it is nothing but letters and space round them.
    let word: String?
    /// The same as it is written.
    let casedWord: String?
    /// The classes it belongs to.
    let classes: [TokenClass]
    /// Its pattern if it is neither a word nor of a class, see `pattern(of:)`.
    let pattern: String?
    /// The characters in it that are neither letters nor digits nor white space, each once; none for a lone one.
    let characters: [String]

    /// The shortest word that has endings and beginnings.
    static let shortestWord = 5

    init(of token: UInt32, tokenDecoder: any TokenDecoder) {
        let bytes = tokenDecoder.isSpecial(token) ? [] : tokenDecoder.bytes(of: token)
        guard !bytes.isEmpty, let full = String(validating: bytes, as: UTF8.self) else {
            word = nil
            casedWord = nil
            classes = []
            pattern = nil
            characters = []
            return
        }
        let start = full.firstIndex { !$0.isWhitespace } ?? full.endIndex
        let end = full.lastIndex { !$0.isWhitespace }.map(full.index(after:)) ?? start
        let core = full[start..<end]
        guard let first = core.first else {
            word = nil
            casedWord = nil
            classes = [full.contains(where: \.isNewline) ? .lineEnd : .space]
            pattern = nil
            characters = []
            return
        }
        var symbols: [String] = []
        for character in core where !character.isLetter && !character.isNumber && !character.isWhitespace {
            if !symbols.contains(String(character)) { symbols.append(String(character)) }
        }
        characters = symbols
        if core.allSatisfy(\.isLetter) {
            word = core.lowercased()
            casedWord = String(core)
            var classes: [TokenClass] = []
            let rest = core.dropFirst()
            if !rest.isEmpty {
                if first.isUppercase, rest.allSatisfy(\.isLowercase) { classes.append(.capitalised) }
                if core.allSatisfy(\.isUppercase) { classes.append(.allCapitals) }
                if start == full.startIndex, core.allSatisfy(\.isLowercase) { classes.append(.continuation) }
            }
            self.classes = classes
            pattern = classes.isEmpty ? Self.pattern(of: core) : nil
        } else {
            word = nil
            casedWord = nil
            if core.allSatisfy(\.isNumber) {
                classes = [.number]
                pattern = nil
            } else if !core.contains(where: { $0.isLetter || $0.isNumber }) {
                classes = [.punctuation]
                pattern = nil
            } else {
                classes = []
                pattern = Self.pattern(of: core)
            }
        }
    }

    /// The endings of a word: its last two and last three letters, if it is long enough.
    static func endings(of word: String) -> [String] {
        word.count >= shortestWord ? [String(word.suffix(2)), String(word.suffix(3))] : []
    }

    /// The beginnings of a word: its first three and first four letters, if it is long enough.
    static func beginnings(of word: String) -> [String] {
        word.count >= shortestWord ? [String(word.prefix(3)), String(word.prefix(4))] : []
    }

    /// The classes of a text's characters with runs made one: `A` for capitals, `a` for other letters, `0` for digits,
    /// a space for white space, and every other character as it is.
    static func pattern(of text: Substring) -> String {
        var pattern = ""
        for character in text {
            let kind: Character =
                if character.isUppercase { "A" } else if character.isLetter { "a" } else if character.isNumber {
                    "0"
                } else if character.isWhitespace { " " } else { character }
            if pattern.last != kind { pattern.append(kind) }
        }
        return pattern
    }
}
