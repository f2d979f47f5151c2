import Hashing
import Scoring
import Testing

@Suite struct EmbeddingCacheTests {
    private func key(_ number: UInt64) -> Hash128 { Hash128(high: number, low: 1) }
    private func embedding(_ number: Int) -> TextEmbedding {
        TextEmbedding(vector: [Float](repeating: Float(number), count: 10), tokens: number)
    }

    @Test func whatWasKeptComesBack() {
        let cache = EmbeddingCache(maximumBytes: 1 << 20)
        for number in 0..<50 { cache.insert(embedding(number), for: key(UInt64(number))) }
        for number in 0..<50 { #expect(cache[key(UInt64(number))] == embedding(number)) }
        #expect(cache[key(50)] == nil)
    }

    @Test func theBoundHoldsHoweverManyCome() {
        let cache = EmbeddingCache(maximumBytes: 2000)
        for number in 0..<500 {
            cache.insert(embedding(number), for: key(UInt64(number)))
            #expect(cache.byteCount <= 2000)
        }
        #expect(cache.byteCount == 2000 && cache[key(499)] != nil)
        cache.insert(TextEmbedding(vector: [Float](repeating: 0, count: 1000), tokens: 1), for: key(900))
        #expect(cache[key(900)] == nil && cache.byteCount == 2000)
    }

    @Test func whatIsAskedForStaysLonger() {
        let cache = EmbeddingCache(maximumBytes: 2000)
        for number in 0..<200 {
            cache.insert(embedding(number), for: key(UInt64(number)))
            #expect(cache[key(0)] == embedding(0))
        }
        #expect(cache[key(1)] == nil)
    }
}
