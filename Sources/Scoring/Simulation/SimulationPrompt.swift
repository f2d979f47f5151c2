public import Elements
import Examples
public import Inference

/// The text from which a model tells the activation of every token of a window at once.
///
/// It is a plain text and no chat: worked cases, the explanation, then the window, one token a line, a tab, and `?` for a
/// value that is not known. What the model would put after each tab is its prediction. In the worked cases the values are
/// unknown up to some token and known from there on, so that a value may come after any tab.
/// Source: S. Bills et al., "Language models can explain neurons in language models" (2023), all-at-once simulation.
public enum SimulationPrompt {
    /// The version of the prompt; part of every job's name.
    public static let version = "simulation-1"

    /// The values that may come after a tab: 0 to `scale`.
    public static func values(scale: Int) -> [String] { (0...max(scale, 1)).map(String.init) }

    /// The text of a window after what is the same for all windows of an explanation; a place after each tab.
    public static func text(
        of window: SimulatedWindow, explanation: String, scale: Int, tokens: any TokenDecoder
    ) -> PlacedText {
        let lines = window.tokens.map { SubjectText.line(of: [$0], tokenDecoder: tokens) }
        return PlacedText(
            prefix: prefix(explanation: explanation, scale: scale),
            pieces: lines.enumerated().map { ($0.offset == 0 ? "" : "?\n") + $0.element + "\t" })
    }

    static func prefix(explanation: String, scale: Int) -> String {
        var text = """
            One unit inside a language model responds to some tokens. Below, units are described, and for each a text is \
            listed, one token a line. Behind a tab stands how strongly the unit responds to that token, a whole number from 0 \
            (not at all) to \(scale) (as strongly as it ever does), or ? where that is not known. Most tokens have 0. ⏎ stands \
            for the end of a line, ⇥ for a tab.


            """
        for shot in shots {
            text += head(shot.explanation)
            for (index, (token, share)) in shot.tokens.enumerated() {
                text += token + "\t" + (index < shot.known ? "?" : "\(share * scale / 10)") + "\n"
            }
            text += "\n"
        }
        return text + head(SubjectText.line(of: explanation))
    }

    private static func head(_ explanation: String) -> String { "Description: \(explanation)\nTokens:\n" }

    private struct Shot {
        let explanation: String
        /// Tokens with their activations from 0 to 10.
        let tokens: [(String, Int)]
        /// The first token whose value is known.
        let known: Int
    }

    private static let shots = [
        Shot(
            explanation: "Names of metals.",
            tokens: [
                (" the", 0), (" bowl", 0), (" was", 0), (" beaten", 0), (" out", 0), (" of", 0), (" copper", 10),
                (" by", 0), (" a", 0), (" smith", 1), (" who", 0), (" sold", 0), (" tin", 8), (" and", 0),
                (" nickel", 9), ("⏎", 0),
            ], known: 4),
        Shot(
            explanation: "Opening brackets of function calls in program code.",
            tokens: [
                ("total", 0), (" =", 0), (" sum", 0), ("(", 10), ("values", 0), (")", 0), (" /", 0), (" len", 0),
                ("(", 9), ("values", 0), (")", 0), ("⏎", 0),
            ], known: 7),
        Shot(
            explanation: "Words that end in -est, above all superlatives.",
            tokens: [
                (" It", 0), (" was", 0), (" the", 0), (" cold", 0), ("est", 10), (" night", 0), (" of", 0),
                (" the", 0), (" year", 0), (",", 0), (" and", 0), (" the", 0), (" for", 0), ("est", 4),
                (" lay", 0), (" silent", 0),
            ], known: 2),
    ]
}
