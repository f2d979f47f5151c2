/// The answers of worked cases, which a weak model says again instead of looking at the evidence.
enum WorkedCases {
    /// The fewest words that make a part of a worked answer a copy of it.
    private static let fewestWords = 3

    static func answers(of form: EvidenceForm) -> [String] {
        switch form {
        case .passages: ExplanationShot.all.map(\.answer)
        case .counted: CountedCase.all.map(\.answer)
        }
    }

    /// The number of the worked case that a sentence repeats, whole or its end or more than it; `nil` if it repeats none
    /// that was shown.
    static func copied(by sentence: String, of form: EvidenceForm, without omitted: Set<Int>) -> Int? {
        let said = words(of: sentence)
        return answers(of: form).enumerated().first { number, answer in
            guard !omitted.contains(number) else { return false }
            let worked = words(of: answer)
            return said == worked || (said.count >= fewestWords && worked.hasSuffix(said))
                || (worked.count >= fewestWords && said.firstRange(of: worked) != nil)
        }?.offset
    }

    private static func words(of text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}

extension [String] {
    fileprivate func hasSuffix(_ end: [String]) -> Bool { suffix(end.count).elementsEqual(end) }
}
