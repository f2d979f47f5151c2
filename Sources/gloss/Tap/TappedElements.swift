import Elements

/// A document as `gloss tap` prints it.
struct TappedDocument: Encodable {
    let id: String?
    let source: String?
    let time: Int64
    let topic: String
    let partition: Int32
    let offset: Int64
    let text: String?
    let tokens: [UInt32]?

    init(_ document: Document) {
        id = document.id
        source = document.source
        time = document.timestamp
        topic = document.position.topic
        partition = document.position.partition
        offset = document.position.offset
        switch document.content {
        case .text(let given): (text, tokens) = (given, nil)
        case .tokens(let given): (text, tokens) = (nil, given)
        }
    }
}

/// A latent that fires at a token.
struct TappedLatent: Encodable {
    let latent: Int
    let activation: Float

    /// As `[latent, activation]`, since there are many.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(latent)
        try container.encode(activation)
    }
}

/// A token of a context, with what there is of it.
struct TappedToken: Encodable {
    let id: UInt32
    let text: String?
    /// The latents that fire, the strongest first; `nil` if there are no codes.
    var latents: [TappedLatent]?
    /// By hookpoint the length of the activation.
    var norms: [String: Float] = [:]

    private enum CodingKeys: CodingKey { case id, text, latents, norms }

    init(id: UInt32, text: String?) {
        self.id = id
        self.text = text
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encodeIfPresent(text, forKey: .text)
        try container.encodeIfPresent(latents, forKey: .latents)
        if !norms.isEmpty { try container.encode(norms, forKey: .norms) }
    }
}

/// A context as `gloss tap` prints it: its text is that of the tokens shown.
struct TappedContext: Encodable {
    let document: String
    let source: String?
    let time: Int64
    let length: Int
    let text: String?
    var tokens: [TappedToken]

    init(_ context: Context, text: String?, tokens: [TappedToken]) {
        document = "\(context.document)"
        source = context.source
        time = context.timestamp
        length = context.tokens.count
        self.text = text
        self.tokens = tokens
    }
}
