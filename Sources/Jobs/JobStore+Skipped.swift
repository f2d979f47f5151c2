package import Dataflow
package import Elements
import StateNotes
import Store

extension JobStore {
    /// Counts the latents that a score node had to leave out, and writes the counts down for reports.
    package func noteSkipped(
        by node: String, of latents: Set<Int>, coverage: (explained: Set<Int>, scorable: Set<Int>),
        view: any EvidenceView, compute: ComputePool<Void>
    ) async throws {
        let (explained, scorable) = coverage
        let skipped = try await compute.run { _ in
            let pool = view.pool.filter { !$0.isTrain }
            var (dead, tooFew, tooFewHeldOut, tooDense) = (0, 0, 0, 0)
            for latent in latents where !scorable.contains(latent) {
                if view.tokensFired(of: latent) == 0 {
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
        try await disk.run { [results] _ in try SkippedLatents.notes.write(skipped, of: node, to: results) }
    }
}
