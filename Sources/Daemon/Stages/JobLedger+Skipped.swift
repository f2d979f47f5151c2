import Dataflow
import Elements
import Foundation
import Store

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
    /// Those that have fired, but have no explanation: in too few windows for their explainer, or without anything in
    /// common.
    public let tooFew: Int
    /// Those with an explanation but without a held-out window in which they fire.
    public let tooFewHeldOut: Int
    /// Those that fire in every window of the pool.
    public let tooDense: Int

    static func key(_ node: String) -> String { "skipped.\(node)" }

    static func all(in reader: StoreReader) throws -> [SkippedLatents] {
        try (reader.meta("skipped.nodes") ?? "").split(separator: " ").compactMap { node in
            guard let json = try reader.meta(key(String(node))) else { return nil }
            return try JSONDecoder().decode(SkippedLatents.self, from: Data(json.utf8))
        }
    }
}

extension JobLedger {
    /// Counts the latents that a score node had to leave out, and writes the counts down for reports.
    func noteSkipped(
        by node: String, of latents: Set<Int>, coverage: (explained: Set<Int>, scorable: Set<Int>),
        view: any EvidenceView, compute: ComputePool<Void>
    ) async throws {
        let (explained, scorable) = coverage
        let skipped = try await compute.run { _ in
            let pool = view.pool.filter { !$0.isTrain }
            var (dead, tooFew, tooFewHeldOut, tooDense) = (0, 0, 0, 0)
            for latent in latents where !scorable.contains(latent) {
                if view.statistics(of: latent).tokensFired == 0 {
                    dead += 1
                } else if !explained.contains(latent) {
                    tooFew += 1
                } else if pool.allSatisfy({ $0.latents.contains(Int32(clamping: latent)) }) {
                    tooDense += 1
                } else {
                    tooFewHeldOut += 1
                }
            }
            return SkippedLatents(
                node: node, coder: view.coder.name, taken: latents.count, dead: dead, tooFew: tooFew,
                tooFewHeldOut: tooFewHeldOut,
                tooDense: tooDense)
        }
        let json = String(decoding: try JSONEncoder().encode(skipped), as: UTF8.self)
        try await disk.run { [store] _ in
            try store.setMeta(SkippedLatents.key(node), json)
            try NodeList.insert(node, under: "skipped.nodes", in: store)
        }
    }
}
