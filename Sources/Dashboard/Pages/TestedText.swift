package import LatentSheets

/// A text that the subject has read, and where a latent fires in it.
package struct TestedText: Sendable, Hashable, Codable {
    /// The longest text that is read, in characters.
    package static let longest = 2000

    /// The text.
    package var text: String
    /// Its tokens, at which the latent fires or is silent.
    package var pieces: [TokenPiece]
    /// The largest activation.
    package var peak: Float
    /// Why it was not read; `nil` if it was.
    package var refusal: String?

    /// A text that was read.
    package init(text: String, pieces: [TokenPiece]) {
        self.text = text
        self.pieces = pieces
        peak = pieces.map(\.activation).max() ?? 0
    }

    /// A text that was not read.
    package init(text: String, refusal: String) {
        self.text = text
        self.refusal = refusal
        pieces = []
        peak = 0
    }

    /// What was found.
    var markup: Markup {
        if let refusal { return Markup.element("p", ["class": "failure"]) { "! \(refusal)" } }
        return Markup.element("div", ["class": "tested"]) {
            Markup.element("p") {
                peak > 0 ? "It fires, at most \(Words.value(Double(peak)))." : "It stays silent."
            }
            Markup.element("p", ["class": "window", "dir": "ltr"]) {
                for piece in pieces {
                    Markup.element(
                        "span",
                        [
                            "class": piece.level > 0 ? "t\(piece.level)" : nil,
                            "title": piece.activation > 0
                                ? "activation \(Words.value(Double(piece.activation)))" : "silent",
                        ]
                    ) { piece.text }
                }
            }
        }
    }
}
