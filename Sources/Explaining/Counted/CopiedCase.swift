/// Whether an answer is a worked case's, said again.
enum CopiedCase {
    /// The first case whose answer is said again; `nil` if there is none.
    ///
    /// Case, punctuation, quotation marks and spaces make no difference, nor does an article at the start. An answer that ends
    /// with the last four words of a case says it again too: weak models put its end behind words of their own.
    static func place(of answer: String, among cases: [String]) -> Int? {
        let said = words(answer)
        guard !said.isEmpty else { return nil }
        return cases.firstIndex {
            let known = words($0)
            return known == said || known.count >= tail && said.suffix(tail) == known.suffix(tail)
        }
    }

    private static let tail = 4

    private static func words(_ text: String) -> [String] {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        guard let first = words.first, ["a", "an", "the"].contains(first), words.count > 1 else { return words }
        return Array(words.dropFirst())
    }
}
