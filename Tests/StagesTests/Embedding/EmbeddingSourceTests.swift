import Hashing
import Scoring
import StateFixtures
import Synchronization
import Testing

@testable import Stages

/// Embeds a text as its letters' counts, and notes what it was asked for; fails as often as it is told to.
final class LetterEmbedder: TextEmbedder {
    let name = "letters"
    let digest = Fixture.hash(21)
    private let state: Mutex<(asked: [String], failures: [any Error])>

    init(failures: [any Error] = []) { state = Mutex(([], failures)) }

    /// All texts it was asked for, in order.
    var asked: [String] { state.withLock { $0.asked } }

    func embed(_ texts: [String]) async throws -> [TextEmbedding] {
        let failure = state.withLock { state in
            state.asked += texts
            return texts.isEmpty || state.failures.isEmpty ? nil : state.failures.removeFirst()
        }
        if let failure { throw failure }
        return texts.map { text in
            var counts = [Float](repeating: 0, count: 16)
            for byte in text.utf8 { counts[Int(byte) % 16] += 1 }
            let length = counts.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return TextEmbedding(vector: counts.map { $0 / max(length, 1) }, tokens: text.utf8.count)
        }
    }
}

@Suite struct EmbeddingSourceTests {
    @Test func aTextIsEmbeddedOnceHoweverOftenItIsAskedFor() async throws {
        let embedder = LetterEmbedder()
        let source = EmbeddingSource(embedder: embedder)
        let first = try await source.embeddings(of: ["a", "bb", "a"])
        #expect(first.map(\.tokens) == [1, 2, 1] && first[0] == first[2] && first[0] != first[1])
        let second = try await source.embeddings(of: ["bb", "ccc", "a"])
        #expect(second.map(\.tokens) == [2, 3, 1] && second[0] == first[1])
        #expect(embedder.asked == ["a", "bb", "ccc"])
    }

    @Test func vectorsThatTheCacheHasNoRoomForAreGivenAllTheSame() async throws {
        let embedder = LetterEmbedder()
        let source = EmbeddingSource(embedder: embedder, maximumBytes: 0)
        for _ in 0..<2 { #expect(try await source.embeddings(of: ["a", "bb", "a"]).map(\.tokens) == [1, 2, 1]) }
        #expect(embedder.asked == ["a", "bb", "a", "bb"])
    }

    @Test func afterAFailureNothingIsHeldThatWasNotGiven() async throws {
        let embedder = LetterEmbedder(failures: [Mishap()])
        let source = EmbeddingSource(embedder: embedder)
        await #expect(throws: Mishap.self) { try await source.embeddings(of: ["a"]) }
        #expect(source.cache.byteCount == 0)
        #expect(try await source.embeddings(of: ["a"]).map(\.tokens) == [1])
        #expect(embedder.asked == ["a", "a"])
    }

    @Test func theVectorsGoWithTheLastLease() async throws {
        let embedder = LetterEmbedder()
        let source = EmbeddingSource(embedder: embedder)
        let leases = [source.lease(), source.lease()]
        _ = try await source.embeddings(of: ["a"])
        await leases[0].end()
        #expect(source.cache.byteCount > 0)
        await leases[1].end()
        #expect(source.cache.byteCount == 0)
    }
}
