import Elements
import Hashing

/// A window as it is shown.
package struct SheetExample: Sendable, Hashable, Codable {
    /// What a judge said of the window.
    package struct Verdict: Sendable, Hashable, Codable {
        /// The score node.
        package var node: String
        /// Whether it said that the explanation fits; `nil` if its verdict failed.
        package var isYes: Bool?
        /// How probable it found yes, if it told.
        package var probability: Double?
        /// Whether that is right; `nil` if its verdict failed.
        package var isRight: Bool?
    }

    /// The tokens.
    package var pieces: [TokenPiece]
    /// The largest activation; 0 where the latent is silent.
    package var peak: Double
    /// The piece with the largest activation; `nil` where the latent is silent.
    package var peakPiece: Int?
    /// Which tenth of the latent's windows by peak it is of, 10 the strongest; `nil` if that is not asked.
    package var tenth: Int?
    /// The tier of a window in which the latent is silent.
    package var tier: String?
    /// 32 bits of the hash of the document, 8 hexadecimal digits; `nil` if it is not known.
    package var document: String?
    /// What a judge said of it.
    package var verdict: Verdict?
    /// The tokens that were marked for the judge, by piece; empty if none were.
    package var marked: [Int]

    init(
        _ tokens: [UInt32], activations: [Float], document: UInt32?, _ look: ExampleLook, tenth: Int? = nil,
        tier: NegativeTier? = nil
    ) {
        pieces = TokenPiece.pieces(
            of: tokens, activations: activations, maximum: look.maximum, tokenDecoder: look.tokenDecoder)
        let largest = pieces.map(\.activation).max() ?? 0
        peak = Double(largest)
        peakPiece = largest > 0 ? pieces.firstIndex { $0.activation == largest } : nil
        self.tenth = tenth
        self.tier = tier?.rawValue
        self.document = document.map { value in
            let digits = String(value, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }
        marked = []
    }

    init(_ example: Example, _ look: ExampleLook, tenth: Int? = nil) {
        self.init(
            example.window.tokens, activations: example.activations, document: example.document, look, tenth: tenth)
    }

    /// The text without anything that tells the pieces apart.
    package var text: String { pieces.map(\.text).joined() }
}

/// What all examples of one latent are shown by.
struct ExampleLook {
    /// The largest activation of the latent.
    let maximum: Float
    /// Gives the text of tokens; `nil` if none is known.
    let tokenDecoder: (any TokenDecoder)?
}

/// Examples of one kind.
package struct ExampleGroup: Sendable, Hashable, Codable {
    /// The kinds, in the order in which they are shown.
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case top, tenths, random, negatives, shown, judged

        /// The title of the group.
        package var title: String {
            switch self {
            case .top: "Strongest"
            case .tenths: "By tenth"
            case .random: "Random"
            case .negatives: "Silent windows"
            case .shown: "Shown to the explainer"
            case .judged: "Asked of the judge"
            }
        }
    }

    /// The kind.
    package var kind: Kind
    /// The node whose examples these are, where several have some; `nil` else.
    package var node: String?
    /// What the examples are and how they were chosen.
    package var note: String
    /// The examples.
    package var examples: [SheetExample]

    /// A name within the sheet.
    package var name: String { node.map { "\(kind.rawValue)-\($0)" } ?? kind.rawValue }
    /// The title, with the node if there is one.
    package var title: String { node.map { "\(kind.title) (\($0))" } ?? kind.title }
}
