/// Whether an answer is a worked case's, said again.
enum CopiedCase {
    /// The first case whose answer is said again; `nil` if there is none.
    ///
    /// Case, punctuation, quotation marks and spaces make no difference, nor does an article at the start.
    static func place(of answer: String, among cases: [String]) -> Int? {
        let said = words(answer)
        return cases.firstIndex { !said.isEmpty && words($0) == said }
    }

    private static func words(_ text: String) -> [String] {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        guard let first = words.first, ["a", "an", "the"].contains(first), words.count > 1 else { return words }
        return Array(words.dropFirst())
    }
}
