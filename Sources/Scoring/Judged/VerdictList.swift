/// Reads verdicts out of a judge's answer.
public enum VerdictList {
    /// The verdicts of the one JSON list in an answer that has the right length and nothing but verdicts in it; `nil` if there is
    /// none, or several that differ.
    ///
    /// A list of another length says nothing about which example each of its numbers is for, and one with anything else in it
    /// is no answer to the question. Verdicts are 1 and 0, `true` and `false`, `yes` and `no`, with or without quotes. For one
    /// example the bare number counts too. Thoughts are to be taken out before.
    public static func parse(_ answer: String, count: Int) -> [Bool]? {
        var found: [Bool]?
        for list in bracketed(answer) {
            let items = list.split(separator: ",", omittingEmptySubsequences: false).compactMap { verdict(String($0)) }
            guard items.count == count, list.count(where: { $0 == "," }) == count - 1 else { continue }
            guard found == nil || found == items else { return nil }
            found = items
        }
        if found == nil, count == 1, let verdict = number(answer) { return [verdict] }
        return found
    }

    private static func bracketed(_ answer: String) -> [Substring] {
        var lists: [Substring] = []
        var start: String.Index?
        for index in answer.indices {
            switch answer[index] {
            case "[": start = answer.index(after: index)
            case "]":
                if let opening = start { lists.append(answer[opening..<index]) }
                start = nil
            default: continue
            }
        }
        return lists
    }

    private static func verdict(_ text: String) -> Bool? {
        var word = text.filter { !$0.isWhitespace }.lowercased()[...]
        // What closes a list in LaTeX.
        if word.hasSuffix("\\") { word.removeLast() }
        if let quote = word.first, quote == "\"" || quote == "'", word.count > 2, word.last == quote {
            word = word.dropFirst().dropLast()
        }
        return switch word {
        case "1", "true", "yes": true
        case "0", "false", "no": false
        default: nil
        }
    }

    private static func number(_ text: String) -> Bool? {
        switch text.filter({ !$0.isWhitespace }) {
        case "1": true
        case "0": false
        default: nil
        }
    }
}
