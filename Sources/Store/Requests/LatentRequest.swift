public import Elements
import GRDB
public import Hashing

/// What a person has asked for about one latent, stored until it is done.
public struct LatentRequest: Sendable, Hashable {
    /// The kind of a request.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// An explanation, though nothing calls for one.
        case explain
        /// A score of what stands, though nothing calls for one.
        case rescore
        /// An explanation in the person's own words.
        case label
        /// That what stands is never replaced.
        case pin
        /// That it may be replaced again.
        case unpin
    }

    /// Its number; a later one is larger.
    public let id: RequestID
    /// The kind.
    public let kind: Kind
    /// The id of the node that does it.
    public let node: String
    /// The id of the explain node whose explanation it is about; it hands on what a score node is to do.
    public let explainedBy: String
    /// The latent.
    public let latent: LatentKey
    /// The words of a label; `nil` of other kinds.
    public let text: String?
    /// The explanation to be pinned or unpinned; `nil` of other kinds.
    public let job: JobID?

    /// Makes a request.
    public init(
        id: RequestID, kind: Kind, node: String, explainedBy: String, latent: LatentKey, text: String? = nil,
        job: JobID? = nil
    ) {
        self.id = id
        self.kind = kind
        self.node = node
        self.explainedBy = explainedBy
        self.latent = latent
        self.text = text
        self.job = job
    }
}

/// An explanation that stands whatever scores better.
public struct Pin: Sendable, Hashable {
    /// The job that made the explanation.
    public let explanation: JobID
    /// The id of the explain node.
    public let node: String
    /// The latent.
    public let latent: LatentKey

    /// Makes a pin.
    public init(explanation: JobID, node: String, latent: LatentKey) {
        self.explanation = explanation
        self.node = node
        self.latent = latent
    }
}

extension LatentRequest {
    /// Reads a row of the table `latent_request`; `nil` if it cannot be read.
    init?(_ row: Row) {
        guard let id = row["id"] as Int64?, let kind = Kind(rawValue: row.text("kind")) else { return nil }
        self.init(
            id: id, kind: kind, node: row.text("node"), explainedBy: row.text("explained_by"),
            latent: LatentKey(coder: row.text("coder"), latent: row.integer("latent")), text: row["text"] as String?,
            job: (row["job"] as String?).flatMap { JobID($0) })
    }
}
