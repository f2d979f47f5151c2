/// Reads verdicts out of a judge's answer.
public enum VerdictList {
    /// The verdicts of the last JSON list of the right length in an answer, `nil` for each that is neither 0 nor 1.
    ///
    /// A list of another length says nothing about which example each of its numbers is for, so all verdicts are then
    /// missing. For one example the bare number counts too.
    public static func parse(_ answer: String, count: Int) -> [Bool?] {
        var found: [Bool?]?
        for list in bracketed(answer) {
            let items = list.split(separator: ",", omittingEmptySubsequences: false).map { verdict(String($0)) }
            if items.count == count, items.contains(where: { $0 != nil }) { found = items }
        }
        if let found { return found }
        if count == 1, let verdict = verdict(answer) { return [verdict] }
        return [Bool?](repeating: nil, count: max(count, 0))
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
        switch text.filter({ !$0.isWhitespace }) {
        case "1": true
        case "0": false
        default: nil
        }
    }
}
