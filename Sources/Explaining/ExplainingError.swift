/// Why a latent got no explanation.
public struct ExplainingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure; the raw value is safe as a metric label.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The latent has fewer examples than the stage asks for.
        case tooFewExamples = "too-few-examples"
        /// No predicate tells the latent's windows from others better than chance would, or the latent makes no token likelier.
        case nothingFound = "nothing-found"
        /// The model answered without the answer tag, or with nothing after it.
        case noAnswer = "no-answer"
        /// The model gave no answer at all.
        case inference
        /// The job was planned for another model than the one at hand.
        case modelChanged = "model-changed"
        /// A stored predicate or plan cannot be read.
        case unreadable
    }

    /// The kind of failure.
    public let kind: Kind
    /// A description of the failure, for a person.
    public let message: String
    /// Whether the same job may succeed later.
    public let isRetriable: Bool

    /// Makes an error.
    public init(_ kind: Kind, _ message: String, isRetriable: Bool = false) {
        self.kind = kind
        self.message = message
        self.isRetriable = isRetriable
    }

    /// The kind as a word without any value, safe as a metric label.
    public var shortDescription: String { kind.rawValue }

    /// The kind and the message.
    public var description: String { "\(kind.rawValue): \(message)" }
}
