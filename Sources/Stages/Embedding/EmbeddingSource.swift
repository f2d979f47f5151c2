import Hashing
package import Observability
package import Scoring

/// The embedder of texts for the nodes that name one model, with the vectors it has made.
package struct EmbeddingSource: Sendable {
    package let embedder: any TextEmbedder
    package let cache: EmbeddingCache
    private let leases = LeaseCount()
    private let memory: MemoryMeter
    private let name: String

    /// Takes an embedder, and keeps at most a number of bytes of its vectors, counted under the model's name.
    package init(
        embedder: any TextEmbedder, maximumBytes: Int = Self.maximumBytes, memory: MemoryMeter = MemoryMeter(),
        name: String = ""
    ) {
        self.embedder = embedder
        self.memory = memory
        self.name = name
        cache = EmbeddingCache(maximumBytes: maximumBytes)
    }

    /// The most bytes of vectors kept of one model.
    package static let maximumBytes = 256 << 20

    /// A node's lease, taken before anything runs; the contents are released with the last lease.
    package func lease() -> Lease {
        leases.lease { [cache, memory, name] in
            cache.clear()
            memory.set(0, of: .vectors, by: name)
        }
    }

    /// The vectors of some texts, in order; vectors already held are not made again.
    package func embeddings(of texts: [String]) async throws -> [TextEmbedding] {
        let keys = texts.map(EmbeddingCache.key)
        var held: [Hash128: TextEmbedding] = [:]
        var missing: [(key: Hash128, text: String)] = []
        var asked = Set<Hash128>()
        for (key, text) in zip(keys, texts) where held[key] == nil {
            if let embedding = cache[key] {
                held[key] = embedding
            } else if asked.insert(key).inserted {
                missing.append((key, text))
            }
        }
        for ((key, _), embedding) in zip(missing, try await embedder.embed(missing.map(\.text))) {
            held[key] = embedding
            cache.insert(embedding, for: key)
        }
        memory.set(cache.byteCount, of: .vectors, by: name)
        return keys.compactMap { held[$0] }
    }
}
