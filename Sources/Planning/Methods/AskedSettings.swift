package import Topology

/// What the tokens of a node's jobs depend on.
package struct AskedSettings: Sendable {
    /// The tokens of a window.
    package let window: Double
    /// Whether the model that is asked runs in this process.
    package let isInProcess: Bool
    private let texts: [String: String]

    /// Takes a node's fields, defaults among them.
    package init(_ node: Node, window: Int, isInProcess: Bool) {
        self.window = Double(window)
        self.isInProcess = isInProcess
        texts = node.texts
    }

    /// The text of a field; `nil` if it has none.
    func text(_ field: String) -> String? { texts[field] }

    /// The number of a field; `nil` if it has none.
    func number(_ field: String) -> Double? { texts[field].flatMap(Double.init) }

    /// The number of a field that always has one; 0 if the schema has no such field.
    func count(_ field: String) -> Double { number(field) ?? 0 }

    /// The tokens that a prompt is filled up to; the defaults, which depend on where the model runs, stand in no schema.
    var room: Double { number("prompt_tokens") ?? (isInProcess ? 1200 : 4000) }

    /// The tokens that are shown of a window.
    var shown: Double { min(window, number("clip") ?? window) }

    /// The tiers of negatives besides random ones.
    var furtherTiers: Double {
        Double((texts["negatives"] ?? "").split(separator: " ").filter { $0 != "random" }.count)
    }
}
