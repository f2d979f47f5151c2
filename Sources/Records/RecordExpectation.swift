public import Hashing

/// What the header of a record must say, so that contents of another model or coder are told from those asked for.
public struct RecordExpectation: Sendable, Hashable {
    /// The subject model's name.
    public let model: String
    /// A hash of the subject's weights; `nil` takes any.
    public let modelDigest: Hash128?
    /// The hookpoint.
    public let hookpoint: String
    /// The coder's name; empty for activations.
    public let coder: String
    /// A hash of the coder's weights; `nil` takes any.
    public let coderDigest: Hash128?
    /// The width of a vector, or the number of latents.
    public let width: Int
    /// The number of token ids of the subject's tokenizer.
    public let vocabulary: Int

    /// Makes an expectation.
    public init(
        model: String, modelDigest: Hash128? = nil, hookpoint: String, coder: String = "", coderDigest: Hash128? = nil,
        width: Int, vocabulary: Int
    ) {
        self.model = model
        self.modelDigest = modelDigest
        self.hookpoint = hookpoint
        self.coder = coder
        self.coderDigest = coderDigest
        self.width = width
        self.vocabulary = vocabulary
    }

    /// Throws `RecordFault` with the code `foreign` at the first field that is another.
    func check(_ header: RecordHeader) throws(RecordFault) {
        for (field, found, expected) in [
            ("model", header.model, model), ("hookpoint", header.hookpoint, hookpoint), ("coder", header.coder, coder),
        ] where found != expected {
            throw RecordFault(.foreign, field: field, found: found.shown, expected: expected.shown)
        }
        guard header.width == width else {
            throw RecordFault(.foreign, field: "width", found: "\(header.width)", expected: "\(width)")
        }
        for (field, found, expected) in [
            ("model_digest", header.modelDigest, modelDigest), ("coder_digest", header.coderDigest, coderDigest),
        ] {
            guard let expected, found != expected else { continue }
            throw RecordFault(
                .foreign, field: field, found: found.map { "\($0)" } ?? "not given", expected: "\(expected)")
        }
    }
}

extension String {
    /// The text in quotes, cut to what a message has room for.
    var shown: String { utf8.count > 120 ? "\"\(prefix(80))…\"" : "\"\(self)\"" }
}
