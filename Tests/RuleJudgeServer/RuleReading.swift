import Foundation

/// A text as a server reads it that was asked for the probabilities of its tokens.
///
/// Behind the last `Description: …` in it stands either `Tokens:` and a token on each line, with a tab behind it, or `Texts:` and a
/// text. A value behind a tab is likely 10 where the rule in the description holds for the token before it, else 0; a token of
/// a text is likelier where it holds for it. Behind the last `Passage: …` stands a clause that ends with a word in quotation marks: it is
/// likelier the oftener the word stands in the passage.
public struct RuleReading: Sendable {
    /// A token of the text.
    public struct Token: Sendable {
        /// Its text.
        public let text: String
        /// Its log-probability; `nil` for the first.
        public let logProbability: Double?
        /// What else might stand in its place, with log-probabilities, the likeliest first.
        public let likeliest: [(text: String, value: Double)]
    }

    /// The tokens of the text, and one that might follow.
    public let tokens: [Token]

    /// By how much each occurrence of a word makes it likelier behind a passage, in nats.
    public static let gain = 1.5

    /// Reads a text; `splitsNumbers` takes each digit for a token.
    public init(_ text: String, by judging: RuleJudging, splitsNumbers: Bool = false) {
        let pieces = Self.pieces(of: text, splitsNumbers: splitsNumbers)
        let last = pieces.lastIndex(of: "Description:") ?? pieces.endIndex
        let description = pieces[last...].prefix { $0 != "\n" }.joined()
        let body = pieces[last...].firstIndex(of: "\n").map { $0 + 3 } ?? pieces.endIndex
        let clause = last == pieces.endIndex ? Self.clause(of: pieces) : nil
        var tokens: [Token] = []
        var line = ""
        for (index, piece) in (pieces + ["?"]).enumerated() {
            let previous = index > 0 ? pieces[index - 1] : nil
            var value = -3.0
            var likeliest = [(piece, value)]
            if index >= body, previous == "\t" {
                likeliest = Self.values(judging.holds(description, in: line), splitsNumbers: splitsNumbers)
                value = likeliest.first { $0.0 == piece }?.1 ?? -9
            } else if index >= body, piece != "\t", piece != "\n", judging.holds(description, in: piece) {
                value = -1
                likeliest = [(piece, value)]
            } else if let clause, index == clause.place {
                value = clause.value
                likeliest = [(piece, value)]
            }
            tokens.append(
                Token(
                    text: piece, logProbability: previous == nil ? nil : value,
                    likeliest: likeliest.map { (text: $0.0, value: $0.1) }))
            line = piece == "\n" ? "" : piece == "\t" ? line : line + piece
        }
        self.tokens = tokens
    }

    /// Where the word in quotation marks behind the last passage stands, and how likely it is; `nil` where there is none.
    private static func clause(of pieces: [String]) -> (place: Int, value: Double)? {
        guard let start = pieces.lastIndex(of: "Passage:"),
            let place = pieces[start...].lastIndex(where: { $0.hasPrefix(" \"") })
        else { return nil }
        let word = " " + pieces[place].filter { $0 != "\"" && $0 != " " }
        return (place, -20 + gain * Double(pieces[start..<place].count { $0 == word }))
    }

    private static func values(_ holds: Bool, splitsNumbers: Bool) -> [(String, Double)] {
        let ten = splitsNumbers ? "1" : "10"
        let likeliest =
            holds ? [(ten, 0.5), ("?", 0.3), (" 9", 0.1), ("0", 0.01)] : [("0", 0.5), ("?", 0.3), ("1", 0.02)]
        return likeliest.map { ($0.0, log($0.1)) }
    }

    /// Line ends and tabs by themselves, and words with the space before them.
    private static func pieces(of text: String, splitsNumbers: Bool) -> [String] {
        var pieces = ["<s>"]
        var isOpen = false
        for character in text {
            let standsAlone = character == "\n" || character == "\t"
            let isDigit = splitsNumbers && character.isNumber
            if standsAlone || isDigit || !isOpen || character == " " {
                pieces.append(String(character))
            } else {
                pieces[pieces.count - 1].append(character)
            }
            isOpen = !standsAlone && !isDigit
        }
        return pieces
    }
}

extension RuleJudging {
    /// What this judge thinks of whether a rule holds for a text.
    public func holds(_ description: String, in text: String) -> Bool {
        verdict(
            Self.terms(of: description).contains { $0.stands(in: text, isMarked: false) }, errs: chance(text) < errors)
    }
}
