package import Dataflow
package import Elements
package import Evidence
package import Hashing
package import Observability
package import Running
import Scoring
package import SparseCoders

/// The sources of negatives for one coder's latents, made once for each view, whichever score nodes ask.
package struct NegativeTierCache: Sendable {
    /// The values that all tiers of a view need.
    package struct View: Sendable {
        package let tiers: NegativeTiers
        package let cofiring: CofiringNeighbours
        /// All windows of the pool by identity, those of train documents too.
        package let pooled: [Hash128: Window]

        var residentBytes: Int { tiers.residentBytes + cofiring.residentBytes + pooled.residentBytes }
    }

    /// The latents with the nearest directions, for each latent; `nil` for codes without a coder.
    package let directions: DirectionNeighbours?
    private let compute: ComputePool<Void>
    private let stop: StopSignal
    private let leases = LeaseCount()
    private let views: PerViewCache<View>
    private let indexes: PerViewCache<SemanticIndex?>

    /// Makes an empty cache, whose contents are counted under the encode node's name.
    package init(
        coder: SparseCoder?, neighbours: Int, compute: ComputePool<Void>, stop: StopSignal,
        memory: MemoryMeter = MemoryMeter(), encoder: String = ""
    ) {
        directions = coder.map { DirectionNeighbours(coder: $0, count: neighbours) }
        self.compute = compute
        self.stop = stop
        views = PerViewCache(count: MemoryCount(memory, .tiers, name: encoder) { $0.residentBytes })
        indexes = PerViewCache(count: MemoryCount(memory, .tiers, name: encoder) { $0?.residentBytes ?? 0 })
    }

    /// A node's lease, taken before anything runs; the contents are released with the last lease.
    package func lease() -> Lease {
        leases.lease { [views, indexes] in
            await views.clear()
            await indexes.clear()
        }
    }

    /// The sources that the tiers of a view are drawn from.
    package func view(of update: EvidenceUpdate, pools: PoolCache) async throws -> View {
        try await views.made(of: update) { [compute] in
            let pool = try await pools.windows(of: update)
            return try await compute.run { _ in
                View(
                    tiers: NegativeTiers(pool: pool), cofiring: CofiringNeighbours(view: update.view),
                    pooled: Dictionary(pool.map { ($0.window.identity, $0.window) }) { first, _ in first })
            }
        }
    }

    /// The meanings of a view's windows; `nil` if the run was told to stop before all were known.
    ///
    /// A text that has been embedded before, for an earlier view or for a score, is not embedded again.
    package func index(
        of view: View, _ update: EvidenceUpdate, by source: EmbeddingSource, tokenDecoder: any TokenDecoder
    ) async throws -> SemanticIndex? {
        try await indexes.made(of: update, variant: source.embedder.digest) { [stop] in
            var embeddings: [TextEmbedding] = []
            embeddings.reserveCapacity(view.tiers.windows.count)
            for chunk in view.tiers.windows.chunks(of: 512) {
                if stop.isRaised { return nil }
                embeddings += try await source.embeddings(
                    of: chunk.map { EmbeddingTask.text(of: $0.window, tokenDecoder) })
            }
            return try SemanticIndex(embeddings)
        }
    }
}
