public import Hashing

/// Where an explanation comes from: enough to make it again.
public struct Provenance: Sendable, Hashable, Codable {
    /// The explainer's name, such as `lexical`.
    public let explainer: String
    /// How examples were chosen, such as `quantiles`.
    public let sampling: String
    /// The version of the prompt or of the algorithm.
    public let promptVersion: String
    /// The model that wrote it; `nil` if none was asked.
    public let model: String?
    /// The seed of every random choice.
    public let seed: UInt64
    /// The digest of the evidence as it was then.
    public let evidenceDigest: Hash128
    /// The epoch of the barrier at which that evidence was current.
    public let epoch: UInt64
    /// The identities of the windows shown to the explainer.
    public let shown: [Hash128]
    /// How much evidence there was; `nil` if it was not noted.
    public var basis: EvidenceBasis?
    /// What it challenges; `nil` for a latent's first explanation.
    public var again: ExplainedAgain?

    /// Makes a provenance.
    public init(
        explainer: String, sampling: String, promptVersion: String, model: String?, seed: UInt64,
        evidenceDigest: Hash128, epoch: UInt64, shown: [Hash128]
    ) {
        self.explainer = explainer
        self.sampling = sampling
        self.promptVersion = promptVersion
        self.model = model
        self.seed = seed
        self.evidenceDigest = evidenceDigest
        self.epoch = epoch
        self.shown = shown
    }
}

/// What a latent responds to, in one line.
///
/// Copies share what it says: tables of every latent's explanation hold a word for each.
public struct Explanation: Sendable, Hashable, Codable {
    private struct Contents: Sendable, Hashable, Codable {
        let job: JobID
        let node: String
        let coder: CoderIdentity
        let latent: Int
        let text: String
        let predicate: String?
        var provenance: Provenance
        var parts: ExplanationParts?
    }

    private final class Shared: Sendable {
        let contents: Contents

        init(_ contents: Contents) { self.contents = contents }
    }

    private var shared: Shared

    private var contents: Contents {
        get { shared.contents }
        set { shared = Shared(newValue) }
    }

    /// The job that made it.
    public var job: JobID { shared.contents.job }
    /// The id of the explain node.
    public var node: String { shared.contents.node }
    /// The coder.
    public var coder: CoderIdentity { shared.contents.coder }
    /// The latent.
    public var latent: Int { shared.contents.latent }
    /// One line of at most `longestText` scalars.
    public var text: String { shared.contents.text }
    /// A predicate that can be run over windows (JSON), if the explainer gives one.
    public var predicate: String? { shared.contents.predicate }
    /// Where it comes from.
    public var provenance: Provenance {
        get { shared.contents.provenance }
        set { contents.provenance = newValue }
    }
    /// How many meanings the latent has, and what was said of each; `nil` if the explainer does not part them.
    public var parts: ExplanationParts? {
        get { shared.contents.parts }
        set { contents.parts = newValue }
    }

    /// The most scalars of a text, whoever wrote it.
    public static let longestText = 300

    /// The bytes that it takes in memory, without its texts and the windows shown.
    public static let heldBytes = MemoryLayout<Contents>.stride + 16

    /// Makes an explanation.
    public init(
        job: JobID, node: String, coder: CoderIdentity, latent: Int, text: String, predicate: String?,
        provenance: Provenance
    ) {
        shared = Shared(
            Contents(
                job: job, node: node, coder: coder, latent: latent, text: text, predicate: predicate,
                provenance: provenance))
    }

    /// Reads the contents.
    public init(from decoder: any Decoder) throws { shared = Shared(try Contents(from: decoder)) }

    /// Writes the contents.
    public func encode(to encoder: any Encoder) throws { try shared.contents.encode(to: encoder) }

    /// Whether two say the same of the same latent, and come from the same.
    public static func == (left: Explanation, right: Explanation) -> Bool {
        left.shared === right.shared || left.shared.contents == right.shared.contents
    }

    /// Hashes the contents.
    public func hash(into hasher: inout Hasher) { hasher.combine(shared.contents) }
}

extension Explanation: CustomReflectable {
    /// Shows the contents as its own.
    public var customMirror: Mirror { Mirror(reflecting: shared.contents) }
}
