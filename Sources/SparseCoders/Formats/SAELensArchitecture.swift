/// The kinds of coder of SAELens that can be read, by the names in `cfg.json`.
enum SAELensArchitecture: String, CaseIterable {
    case standard
    case topK = "topk"
    /// As `topK` by magnitude: a latent may be negative.
    case absoluteTopK = "abstopk"
    case jumpReLU = "jumprelu"
    case gated
    case transcoder
    case skipTranscoder = "skip_transcoder"
    case jumpReLUTranscoder = "jumprelu_transcoder"
    case jumpReLUSkipTranscoder = "jumprelu_skip_transcoder"
    /// A checkpoint of training; what training ends with is saved as `jumprelu`.
    case batchTopK = "batchtopk"
    /// As `batchTopK`.
    case matryoshkaBatchTopK = "matryoshka_batchtopk"

    /// Whether it writes another place than it reads.
    var isTranscoder: Bool {
        switch self {
        case .transcoder, .skipTranscoder, .jumpReLUTranscoder, .jumpReLUSkipTranscoder: true
        case .standard, .topK, .absoluteTopK, .jumpReLU, .gated, .batchTopK, .matryoshkaBatchTopK: false
        }
    }

    /// Whether the output has a part that is linear in the input.
    var hasSkip: Bool { self == .skipTranscoder || self == .jumpReLUSkipTranscoder }

    /// Whether a fixed number of latents is kept on a token.
    var isTopK: Bool { self == .topK || self == .absoluteTopK }

    /// Whether in training the threshold is shared by all latents, and found batch by batch.
    var isBatchTopK: Bool { self == .batchTopK || self == .matryoshkaBatchTopK }
}
