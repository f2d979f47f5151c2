/// Answers the prompt of an explainer by naming the texts that are marked most often.
enum RuleExplaining {
    /// An answer behind the tag that the rules of the conversation name, which a `RuleJudging` can read as a rule.
    static func answer(to question: String) -> String {
        var counts: [String: Int] = [:]
        for text in RuleJudging.marked(question) where !text.contains("\"") { counts[text, default: 0] += 1 }
        let most = counts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(6)
        let names = most.map { "\"" + String($0.key.map { $0 == " " ? "·" : $0 }) + "\"" }
        return "The marks stand on few words.\n[EXPLANATION]: Contains \(names.joined(separator: " or "))."
    }
}
