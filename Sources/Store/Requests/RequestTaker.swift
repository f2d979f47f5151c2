import Foundation
import JSONText

/// A node that does what persons ask for, as the topology that ran last has it.
public struct RequestTaker: Sendable, Hashable, Codable {
    /// The id of the node.
    public let node: String
    /// The kinds of requests that it takes.
    public let kinds: [LatentRequest.Kind]
    /// The id of the node that gives the codes.
    public let coder: String
    /// The number of latents.
    public let latents: Int
    /// The explain nodes that a score node reads; an explain node itself.
    public let explainers: [String]

    /// Makes a taker.
    public init(
        node: String, kinds: [LatentRequest.Kind], coder: String, latents: Int, explainers: [String]
    ) {
        self.node = node
        self.kinds = kinds
        self.coder = coder
        self.latents = latents
        self.explainers = explainers
    }

    static let key = "requests.takers"

    /// Keeps the nodes of a topology that take requests; blocks.
    package static func write(_ takers: [RequestTaker], to notes: any NoteKeeper) throws {
        try notes.setMeta(key, try SortedJSON.text(of: takers))
    }

    /// The nodes of the topology that ran last; `nil` if none of this version has run.
    static func read(_ note: String?) -> [RequestTaker]? {
        note.flatMap { try? JSONDecoder().decode([RequestTaker].self, from: Data($0.utf8)) }
    }
}
