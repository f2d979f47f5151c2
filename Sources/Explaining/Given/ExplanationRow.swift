/// One line of a file of explanations: Neuronpedia's fields, or the few of them that matter.
public struct ExplanationRow: Sendable, Hashable {
    /// Neuronpedia's seeded bot, to whom rows without an author are ascribed.
    public static let botAuthor = "clkht01d40000jv08hvalcvly"

    /// The row's id, unique among all explanations; `nil` if the file gives none.
    public var id: String?
    /// The subject model's name.
    public var modelID: String?
    /// Neuronpedia's source, such as `6-res-gloss`, or a hookpoint.
    public var layer: String?
    /// The latent.
    public var latent: Int
    /// The explanation, in the form of `ExplanationText.clean`.
    public var text: String
    /// Who wrote it.
    public var authorID: String?
    /// How it was made, by Neuronpedia's name for it.
    public var typeName: String?
    /// The model that wrote it, by Neuronpedia's name for it.
    public var explanationModelName: String?
    /// Anything else.
    public var notes: String?
    /// When it was made, ISO 8601.
    public var createdAt: String?

    /// Makes a row.
    public init(latent: Int, text: String) {
        self.latent = latent
        self.text = text
    }
}

extension ExplanationRow: Decodable {
    private enum Key: String, CodingKey {
        case id, modelId, layer, hookpoint, index, latent, description, explanation, text, authorId, typeName
        case explanationModelName, notes, createdAt
    }

    /// Reads an object with `index` or `latent`, a number or its digits, and `description`, `explanation` or `text`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let place: Key = container.contains(.index) ? .index : .latent
        if let number = try? container.decode(Int.self, forKey: place) {
            latent = number
        } else {
            let digits = try container.decode(String.self, forKey: place)
            guard let number = Int(digits) else {
                throw DecodingError.dataCorruptedError(
                    forKey: place, in: container, debugDescription: "not a latent's number")
            }
            latent = number
        }
        let words: Key =
            container.contains(.description)
            ? .description : container.contains(.explanation) ? .explanation : .text
        text = ExplanationText.clean(try container.decode(String.self, forKey: words))
        guard !text.isEmpty else {
            throw DecodingError.dataCorruptedError(forKey: words, in: container, debugDescription: "nothing to read")
        }
        id = try container.decodeIfPresent(String.self, forKey: .id)
        modelID = try container.decodeIfPresent(String.self, forKey: .modelId)
        layer = try container.decodeIfPresent(String.self, forKey: container.contains(.layer) ? .layer : .hookpoint)
        authorID = try container.decodeIfPresent(String.self, forKey: .authorId)
        typeName = try container.decodeIfPresent(String.self, forKey: .typeName)
        explanationModelName = try container.decodeIfPresent(String.self, forKey: .explanationModelName)
        notes = try container.decodeIfPresent(String.self, forKey: .notes)
        createdAt = try container.decodeIfPresent(String.self, forKey: .createdAt)
    }
}
