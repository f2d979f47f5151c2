import Dataflow
import LanguageModels
package import LatentSheets
import Scoring
import Stages
import Synchronization
import Topology

/// Finds labels by their meaning with a sentence encoder of the topology, which is opened when it is first asked.
final class LabelSearch: MeaningSearch {
    private let open: @Sendable (ComputePool<Void>) throws -> any TextEmbedder
    private let pool = ComputePool<Void>(name: "label-search", threads: 1)
    private let held = Mutex<EmbeddingSource?>(nil)

    /// The most bytes of vectors that are kept: some twenty thousand labels of 384 numbers.
    private static let keptBytes = 32 << 20

    init(open: @escaping @Sendable (ComputePool<Void>) throws -> any TextEmbedder) { self.open = open }

    func likeness(of texts: [String], to question: String) async throws -> [Double] {
        let source: EmbeddingSource = try await pool.run { [self] _ in try opened() }
        let vectors = try await source.embeddings(of: [question] + texts)
        guard let asked = vectors.first else { return [] }
        return vectors.dropFirst().map(asked.cosine)
    }

    /// Opened at the first call; the pool's one thread calls it.
    private func opened() throws -> EmbeddingSource {
        if let known = held.withLock({ $0 }) { return known }
        let source = EmbeddingSource(embedder: try open(pool), maximumBytes: Self.keptBytes)
        held.withLock { $0 = source }
        return source
    }
}

extension Graph {
    /// What finds labels by their meaning; `nil` if no sentence encoder of the topology runs in this process.
    package var labelSearch: (any MeaningSearch)? {
        guard let name = encoders.sorted().first(where: { isInProcess($0) }) else { return nil }
        let weights = weights
        return LabelSearch { pool in
            try SentenceEmbedder(
                folder: try weights.file(name).path, encoder: weights.encoder(name), tokenizer: weights.tokenizer(name),
                compute: pool)
        }
    }
}
