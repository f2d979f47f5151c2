package import Store

/// Why latents that a score node takes have no score, and how many for each reason.
public struct SkippedLatents: Sendable, Hashable, Codable {
    /// The id of the score node.
    public let node: String
    /// The name of the encode node; `nil` in what an older version wrote.
    public let coder: String?
    /// The latents that it takes.
    public let taken: Int
    /// Those that have never fired.
    public let dead: Int
    /// Those that have fired, but have no explanation: in too few windows for their explainer, or without anything in common.
    public let tooFew: Int
    /// Those with an explanation but without a held-out window in which they fire.
    public let tooFewHeldOut: Int
    /// Those that fire in every window of the pool.
    public let tooDense: Int

    package init(
        node: String, coder: String?, taken: Int, dead: Int, tooFew: Int, tooFewHeldOut: Int, tooDense: Int
    ) {
        self.node = node
        self.coder = coder
        self.taken = taken
        self.dead = dead
        self.tooFew = tooFew
        self.tooFewHeldOut = tooFewHeldOut
        self.tooDense = tooDense
    }

    /// The notes of all score nodes of a state; of joined shares the counts of each, which takes its own latents, added up; blocks.
    ///
    /// - Throws: `StoreError`, or `DecodingError` if a note has another form.
    package static func all(in reader: StoreReader) throws -> [SkippedLatents] {
        let all = try reader.parts.flatMap { try notes.all(in: $0) }
        return Dictionary(grouping: all, by: \.node).sorted { $0.key < $1.key }.map { node, parts in
            SkippedLatents(node, joining: parts)
        }
    }

    private init(_ node: String, joining parts: [SkippedLatents]) {
        func sum(_ count: (SkippedLatents) -> Int) -> Int { parts.reduce(0) { $0 &+ count($1) } }
        self.init(
            node: node, coder: parts.compactMap(\.coder).first, taken: sum(\.taken), dead: sum(\.dead),
            tooFew: sum(\.tooFew), tooFewHeldOut: sum(\.tooFewHeldOut), tooDense: sum(\.tooDense))
    }

    /// The notes of all score nodes.
    package static let notes = NodeNotes<SkippedLatents>(list: "skipped.nodes", prefix: "skipped.")
}
