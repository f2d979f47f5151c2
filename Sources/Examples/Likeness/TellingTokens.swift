public import Elements

/// The tokens of a window that tell what its latent responds to there: those at which it fires, and those near its maximum.
public struct TellingTokens: Sendable, Hashable {
    /// The share of each half in the likeness of two windows.
    public static let share = 0.5

    private static let before = 8
    private static let after = 4

    /// By text: the activations at its marked tokens, as shares of the window's peak.
    public let fired: [String: Double]
    /// The texts at most eight tokens before and four after the maximum that are not among those.
    public let near: Set<String>

    /// Reads an example; a window in which the latent does not fire has none.
    public init(of example: Example, tokenDecoder: any TokenDecoder) {
        let tokens = example.window.tokens
        let marks = MarkedTokens.marks(of: example)
        var fired: [String: Double] = [:]
        var strongest: Int?
        for place in tokens.indices where place < marks.count && marks[place] {
            fired[Self.folded(tokens[place], tokenDecoder), default: 0] +=
                Double(example.activations[place] / example.peak)
            if strongest.map({ example.activations[place] > example.activations[$0] }) ?? true { strongest = place }
        }
        var near: Set<String> = []
        if let strongest {
            for place in max(strongest - Self.before, 0)..<min(strongest + Self.after + 1, tokens.count)
            where !tokenDecoder.isSpecial(tokens[place]) {
                let text = Self.folded(tokens[place], tokenDecoder)
                if fired[text] == nil { near.insert(text) }
            }
        }
        self.fired = fired
        self.near = near
    }

    /// A token's text without case and the space round it; every number is the same.
    public static func folded(_ token: UInt32, _ tokenDecoder: any TokenDecoder) -> String {
        let text = tokenDecoder.text(of: [token])
        guard let start = text.firstIndex(where: { !$0.isWhitespace }),
            let end = text.lastIndex(where: { !$0.isWhitespace })
        else { return text }
        let word = text[start...end].lowercased()
        return word.allSatisfy(\.isNumber) ? "0" : word
    }
}
