import Elements

/// What a token looks like, as far as lexical terms care.
struct TokenShape: Sendable, Hashable {
    /// The token's letters in lower case where it is nothing but letters and space round them.
    let word: String?
    /// The classes it belongs to.
    let classes: [TokenClass]

    /// The shortest word that has endings.
    static let shortestWord = 5

    init(of token: UInt32, text: any TokenText) {
        let bytes = text.isSpecial(token) ? [] : text.bytes(of: token)
        guard !bytes.isEmpty, let full = String(validating: bytes, as: UTF8.self) else {
            word = nil
            classes = []
            return
        }
        let start = full.firstIndex { !$0.isWhitespace } ?? full.endIndex
        let end = full.lastIndex { !$0.isWhitespace }.map(full.index(after:)) ?? start
        let core = full[start..<end]
        guard let first = core.first else {
            word = nil
            classes = [full.contains(where: \.isNewline) ? .lineEnd : .space]
            return
        }
        if core.allSatisfy(\.isLetter) {
            word = core.lowercased()
            var classes: [TokenClass] = []
            let rest = core.dropFirst()
            if !rest.isEmpty {
                if first.isUppercase, rest.allSatisfy(\.isLowercase) { classes.append(.capitalised) }
                if core.allSatisfy(\.isUppercase) { classes.append(.allCapitals) }
                if start == full.startIndex, core.allSatisfy(\.isLowercase) { classes.append(.continuation) }
            }
            self.classes = classes
        } else {
            word = nil
            if core.allSatisfy(\.isNumber) {
                classes = [.number]
            } else if !core.contains(where: { $0.isLetter || $0.isNumber }) {
                classes = [.punctuation]
            } else {
                classes = []
            }
        }
    }

    /// The endings of a word: its last two and last three letters, where it is long enough.
    static func endings(of word: String) -> [String] {
        word.count >= shortestWord ? [String(word.suffix(2)), String(word.suffix(3))] : []
    }
}
