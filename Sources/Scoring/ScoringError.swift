/// Why an explanation cannot be scored.
public struct ScoringError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure; the raw value is safe as a metric label.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// There are no held-out windows of one class.
        case tooFewExamples = "too-few-examples"
        /// The job was planned for another model than the one at hand.
        case modelChanged = "model-changed"
        /// The judge cannot do what the settings ask for.
        case unsupported
        /// The judge gave too few verdicts.
        case judgeFailed = "judge-failed"
        /// No strength of an intervention has the effect that scores are compared at.
        case targetNotReached = "target-not-reached"
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
