public import Hashing
import Synchronization

/// Embeddings of texts, within a bound of bytes: windows are shared by latents, so each is embedded once.
///
/// Above the bound the one that was asked for least lately goes first, by the second-chance rule.
/// Source: F. J. Corbató, "A paging experiment with the Multics system" (1968).
public final class EmbeddingCache: Sendable {
    private struct Slot {
        let key: Hash128
        let embedding: TextEmbedding
        var wasUsed: Bool
    }

    private struct State {
        var slots: [Slot] = []
        var places: [Hash128: Int] = [:]
        var hand = 0
        var bytes = 0
    }

    private let state = Mutex(State())
    private let maximumBytes: Int

    /// Makes an empty cache.
    public init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    /// The bytes that its vectors and their keys take.
    public var byteCount: Int { state.withLock { $0.bytes } }

    /// The name under which a text's vector is kept.
    public static func key(of text: String) -> Hash128 {
        var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x656d_6265), wide: true)
        hasher.update(text: text)
        return hasher.finalize128()
    }

    /// The embedding of a key; `nil` if it is not held.
    public subscript(key: Hash128) -> TextEmbedding? {
        state.withLock { state in
            guard let place = state.places[key] else { return nil }
            state.slots[place].wasUsed = true
            return state.slots[place].embedding
        }
    }

    /// Keeps an embedding, unless it is larger than the whole bound or held already.
    public func insert(_ embedding: TextEmbedding, for key: Hash128) {
        let size = Self.size(of: embedding)
        guard size <= maximumBytes else { return }
        state.withLock { state in
            guard state.places[key] == nil else { return }
            while state.bytes + size > maximumBytes { Self.evict(from: &state) }
            state.places[key] = state.slots.count
            state.slots.append(Slot(key: key, embedding: embedding, wasUsed: false))
            state.bytes += size
        }
    }

    /// Lets go of all that is held.
    public func clear() { state.withLock { $0 = State() } }

    private static func size(of embedding: TextEmbedding) -> Int { 4 * embedding.vector.count + 160 }

    private static func evict(from state: inout State) {
        while !state.slots.isEmpty {
            let place = state.hand % state.slots.count
            state.hand = place + 1
            if state.slots[place].wasUsed {
                state.slots[place].wasUsed = false
                continue
            }
            let slot = state.slots[place]
            state.places[slot.key] = nil
            state.bytes -= size(of: slot.embedding)
            let last = state.slots.removeLast()
            if place < state.slots.count {
                state.slots[place] = last
                state.places[last.key] = place
            }
            return
        }
    }
}
