import Foundation
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

    package static func key(_ node: String) -> String { "skipped.\(node)" }

    package static func all(in reader: StoreReader) throws -> [SkippedLatents] {
        try (reader.meta("skipped.nodes") ?? "").split(separator: " ").compactMap { node in
            guard let json = try reader.meta(key(String(node))) else { return nil }
            return try JSONDecoder().decode(SkippedLatents.self, from: Data(json.utf8))
        }
    }
}
