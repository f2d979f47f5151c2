public import Elements

/// What a set of questions gives away by its marks alone.
public enum MarksOnly {
    /// The control's name.
    public static let name = "marks_only"

    /// The best balanced accuracy on these questions of any classifier that sees the marks and not the text, even one
    /// that knows the answers; `nil` if nothing is marked or a class is empty.
    ///
    /// The best classifier says yes to a pattern of marks if its share of the positives is the larger: it reaches
    /// `(1 + d) / 2`, d the total variation between the patterns of the two classes. 0.5 if they are the same one for one.
    public static func estimate(of questions: [Question]) -> Estimate? {
        guard questions.contains(where: { $0.marked.contains(true) }) else { return nil }
        var counts: [[Bool]: (positives: Int, negatives: Int)] = [:]
        for question in questions {
            if question.isPositive {
                counts[question.marked, default: (0, 0)].positives += 1
            } else {
                counts[question.marked, default: (0, 0)].negatives += 1
            }
        }
        let positives = questions.count { $0.isPositive }
        let negatives = questions.count - positives
        guard positives > 0, negatives > 0 else { return nil }
        let best = counts.values.reduce(0) { $0 + max($1.positives * negatives, $1.negatives * positives) }
        let value = Double(best) / (2 * Double(positives) * Double(negatives))
        return Estimate(value: value, lower: value, upper: value, count: questions.count)
    }
}
