import Dataflow
import Elements
import Evidence
import Hashing
import Scoring
import SparseCoders

/// What the negatives of one coder's latents are drawn from: made once for each view, whichever score nodes ask.
actor TierShelf {
    /// What all tiers of a view need.
    struct View: Sendable {
        let tiers: NegativeTiers
        let cofiring: CofiringNeighbours
        /// All windows of the pool by identity, those of train documents too.
        let pooled: [Hash128: Window]
    }

    private struct Key: Hashable {
        let epoch: UInt64
        let evidence: Hash128
        /// The encoder of an index; `nil` for a view.
        let encoder: Hash128?
    }

    /// Nodes may be a view apart.
    private static let viewsHeld = 2

    /// The latents whose directions are near each.
    nonisolated let directions: DirectionNeighbours
    private let compute: ComputePool<Void>
    private let stop: StopSignal
    private var views: [(key: Key, task: Task<View, any Error>)] = []
    private var indexes: [(key: Key, task: Task<SemanticIndex?, any Error>)] = []

    /// Makes an empty shelf.
    init(coder: SparseCoder, neighbours: Int, compute: ComputePool<Void>, stop: StopSignal) {
        directions = DirectionNeighbours(coder: coder, count: neighbours)
        self.compute = compute
        self.stop = stop
    }

    /// What the tiers of a view are drawn from.
    func view(of update: EvidenceUpdate) async throws -> View {
        let key = Key(epoch: update.epoch, evidence: update.view.digest, encoder: nil)
        if let held = views.first(where: { $0.key == key }) { return try await held.task.value }
        let task = Task { [compute] in
            try await compute.run { _ in
                let pool = update.view.pool
                return View(
                    tiers: NegativeTiers(pool: pool), cofiring: CofiringNeighbours(view: update.view),
                    pooled: Dictionary(pool.map { ($0.window.identity, $0.window) }) { first, _ in first })
            }
        }
        views = views.suffix(Self.viewsHeld - 1) + [(key, task)]
        return try await task.value
    }

    /// The meanings of a view's windows; `nil` where the run was told to stop before all were known.
    ///
    /// A text that has been embedded before, for an earlier view or for a score, is not embedded again.
    func index(
        of view: View, _ update: EvidenceUpdate, by source: EmbeddingSource, text: any TokenText
    ) async throws -> SemanticIndex? {
        let key = Key(epoch: update.epoch, evidence: update.view.digest, encoder: source.embedder.digest)
        if let held = indexes.first(where: { $0.key == key }) { return try await held.task.value }
        let task = Task { [stop] () -> SemanticIndex? in
            var embeddings: [TextEmbedding] = []
            embeddings.reserveCapacity(view.tiers.windows.count)
            for chunk in view.tiers.windows.chunks(of: 512) {
                if stop.isRaised { return nil }
                embeddings += try await source.embeddings(of: chunk.map { EmbeddingTask.text(of: $0.window, text) })
            }
            return try SemanticIndex(embeddings)
        }
        indexes = indexes.suffix(Self.viewsHeld - 1) + [(key, task)]
        do {
            return try await task.value
        } catch {
            // What failed once may be asked for again.
            indexes.removeAll { $0.key == key }
            throw error
        }
    }
}
