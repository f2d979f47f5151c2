/// The answers of worked cases, which a weak model says again instead of looking at the evidence.
enum WorkedCases {
    /// The fewest words that make a part of a worked answer a copy of it.
    private static let fewestWords = 3
    /// The share of the longer one's words, in their order, that both have to have.
    private static let likeness = 0.8

    static func answers(of form: EvidenceForm) -> [String] {
        switch form {
        case .passages: ExplanationShot.all.map(\.answer)
        case .counted: CountedCase.all.map(\.answer)
        }
    }

    /// The number of the worked case that a sentence repeats: whole, its end, more than it, or nearly word for word.
    ///
    /// `nil` if it repeats none that was shown.
    static func copied(by sentence: String, of form: EvidenceForm, without omitted: Set<Int>) -> Int? {
        let said = words(of: sentence)
        return answers(of: form).enumerated().first { number, answer in
            guard !omitted.contains(number) else { return false }
            let worked = words(of: answer)
            return said == worked || areAlike(said, worked) || (said.count >= fewestWords && worked.hasSuffix(said))
                || (worked.count >= fewestWords && said.firstRange(of: worked) != nil)
        }?.offset
    }

    private static func areAlike(_ one: [String], _ other: [String]) -> Bool {
        guard min(one.count, other.count) >= fewestWords else { return false }
        let changes = one.difference(from: other)
        let common = one.count - changes.insertions.count
        return Double(common) >= likeness * Double(max(one.count, other.count))
    }

    private static func words(of text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}

extension [String] {
    fileprivate func hasSuffix(_ end: [String]) -> Bool { suffix(end.count).elementsEqual(end) }
}
