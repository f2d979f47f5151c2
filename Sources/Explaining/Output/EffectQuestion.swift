/// What a model is told of what one unit does, as text: tokens first, then continuations.
struct EffectQuestion {
    /// A text and what follows, all of it safe to show.
    struct Continuation: Hashable {
        let text, clean, changed: String
    }

    /// Tokens that the unit's weights alone make likelier and less likely, as they are named.
    var raised: [String] = []
    var lowered: [String] = []
    /// Tokens that turning the unit up makes likelier and less likely, with the changes in nats.
    var rising: [(name: String, nats: Double)] = []
    var falling: [(name: String, nats: Double)] = []
    var continuations: [Continuation] = []

    /// The question with the first `tokens` of each list and the first `continuations`.
    func text(tokens: Int = .max, continuations count: Int = .max) -> String {
        var lines: [String] = []
        func add(_ title: String, _ list: some Sequence<String>) {
            let named = list.prefix(tokens).joined(separator: ", ")
            if !named.isEmpty { lines.append("\(title): \(named)") }
        }
        add("Likelier", rising.map { "\($0.name) (\(Self.signed($0.nats)))" })
        add("Less likely", falling.map { "\($0.name) (\(Self.signed($0.nats)))" })
        add("Likelier by its weights", raised)
        add("Less likely by its weights", lowered)
        for continuation in continuations.prefix(count) {
            lines += [
                "Text: \(continuation.text)", "- without: \(continuation.clean)", "- with: \(continuation.changed)",
            ]
        }
        return lines.joined(separator: "\n")
    }

    /// A number with its sign and one decimal.
    static func signed(_ value: Double) -> String {
        let tenths = Int((min(max(value, -1000), 1000) * 10).rounded())
        return "\(tenths < 0 ? "-" : "+")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
}
