/// What a model is told of one unit, as text: the counts first, then the passages.
struct CountedQuestion {
    /// Marked tokens as they are named, with their counts and mean strengths.
    var marked: [CountedEvidence.Entry] = []
    /// Marked tokens that are counted but not named.
    var others = 0
    /// Tokens that come right before, with their counts.
    var preceding: [CountedEvidence.Entry] = []
    /// Tokens made likelier and less likely to come next, as they are named.
    var raised: [String] = []
    var lowered: [String] = []
    /// Passages with marks, and passages that leave the unit silent; all safe to show.
    var passages: [String] = []
    var silent: [String] = []

    /// The question.
    func text(showsStrengths: Bool) -> String {
        var lines: [String] = []
        if !marked.isEmpty {
            let named = marked.enumerated().map { index, entry in
                guard showsStrengths else { return "\(entry.text) (\(entry.count))" }
                return index == 0
                    ? "\(entry.text) (\(entry.count) times, strength \(entry.strength))"
                    : "\(entry.text) (\(entry.count), \(entry.strength))"
            }
            lines.append("Marked: " + named.joined(separator: ", ") + (others > 0 ? " and \(others) others" : ""))
        }
        if !preceding.isEmpty {
            lines.append(
                "Right before: " + preceding.map { "\($0.text) (\($0.count))" }.joined(separator: ", "))
        }
        if !raised.isEmpty { lines.append("Likelier next: " + raised.joined(separator: ", ")) }
        if !lowered.isEmpty { lines.append("Less likely next: " + lowered.joined(separator: ", ")) }
        if !passages.isEmpty { lines.append("Lines:") }
        lines += passages.map { "- \($0)" }
        if !silent.isEmpty { lines.append("Silent lines:") }
        lines += silent.map { "- \($0)" }
        return lines.joined(separator: "\n")
    }
}
