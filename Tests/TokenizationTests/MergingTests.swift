import TestSupport
import Testing

@testable import Tokenization

@Suite struct MergingTests {
    /// A vocabulary over `abcd` with its merges in another order than they were learned: ranks that fall as well as rise.
    private static func shuffled(_ seed: UInt64) -> TinyVocabulary {
        var random = SplitMix(state: seed)
        let text = random.text(Array("aaabbcd ".unicodeScalars), length: 400)
        var vocabulary = TinyVocabulary.trained(on: text, merges: 40)
        vocabulary.merges.shuffle(using: &random)
        return vocabulary
    }

    private func vocabulary(_ tiny: TinyVocabulary) throws -> Vocabulary {
        try Vocabulary(
            file: "test", byteLevel: tiny.tokens, controls: [], added: [],
            merges: tiny.merges.map { ($0.left[...], $0.right[...]) }, rule: .gpt2)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func wordsOfAnyLengthEqualTheNaiveTwin(seed: UInt64) throws {
        for tiny in [Self.shuffled(seed), TinyVocabulary.sample] {
            let vocabulary = try vocabulary(tiny)
            guard case .pairs(let merging) = vocabulary.model else {
                Issue.record("no merges")
                return
            }
            let tokens = tiny.tokens
            var merger = WordMerger()
            var random = SplitMix(state: seed)
            for length in [0, 1, 2, 3, 7, 15, 30, 48, 49, 80, 200] {
                let word = Array(random.text(Array("aabcdhtern".unicodeScalars), length: length).utf8)
                let expected = NaiveBPE.symbols(word, tiny).map { tokens.lastIndex(of: $0).map { UInt32($0) } }
                var merged = [UInt32]()
                word.withUnsafeBufferPointer { merger.append($0, by: merging, in: vocabulary.tokens, to: &merged) }
                #expect(merged == expected)
                var long = [UInt32]()
                let symbols = word.compactMap { merging.byteTokens[Int($0)] }
                var longMerger = LongWordMerger(symbols, merging.merges)
                longMerger.run()
                longMerger.append(to: &long)
                #expect(long == expected)
            }
        }
    }

    @Test func theWorkOfALongWordGrowsWithItsLength() throws {
        let tiny = TinyVocabulary.trained(on: "aaaaaaaa aaaaaaaa aaaa aa", merges: 6)
        guard case .pairs(let merging) = try vocabulary(tiny).model else {
            Issue.record("no merges")
            return
        }
        func work(_ length: Int) -> Int {
            let symbols = [UInt32](repeating: merging.byteTokens[0x61] ?? 0, count: length)
            var merger = LongWordMerger(symbols, merging.merges)
            merger.run()
            return merger.work
        }
        // A pair is looked at when it comes up, once more when its turn comes, and two come up with each merge.
        for length in [1000, 10_000, 1_000_000] { #expect(work(length) > length && work(length) <= 6 * length) }
        let tokens = try tiny.tokenizer.encode(String(repeating: "a", count: 1_000_000))
        #expect(tokens.count < 1_000_000 / 3)
    }

    @Test func ofTwoMergesOfOnePairTheLaterCounts() throws {
        var table = MergeTable(capacity: 4)
        table.insert(1, 2, .init(rank: 0, token: 9))
        table.insert(1, 2, .init(rank: 5, token: 8))
        #expect(table[1, 2].rank == 5 && table[1, 2].token == 8)
        #expect(table[2, 1].rank == .max)
    }

    @Test func theMergeTableHoldsAllItsPairs() {
        var table = MergeTable(capacity: 2000)
        for index in 0..<2000 as Range<UInt32> { table.insert(index / 40, index, .init(rank: index, token: index + 7)) }
        for index in 0..<2000 as Range<UInt32> {
            #expect(table[index / 40, index].token == index + 7)
            #expect(table[index / 40 + 1, index].rank == .max)
        }
    }

    @Test func cachedWordsAreToldApartByEveryByteAndTheLength() {
        var cache = WordCache(bits: 4)
        let words = ["a", "a\0", "ab", "aaaaaaaa", "aaaaaaaab", "abcdefghijklmno", "abcdefghijklmnp"]
        for word in words {
            let bytes = Array(word.utf8)
            // The same word at the end of a buffer and with more behind it has the same key.
            let key = bytes.withUnsafeBufferPointer { WordCache.key($0, 0..<bytes.count) }
            let within = (bytes + [UInt8](repeating: 0xff, count: 20)).withUnsafeBufferPointer {
                WordCache.key($0, 0..<bytes.count)
            }
            #expect(key != nil && key == within)
            guard let key else { continue }
            var tokens = [UInt32]()
            #expect(!cache.append(key, to: &tokens))
            cache.keep(key, [UInt32(bytes.count), 7])
            #expect(cache.append(key, to: &tokens) && tokens == [UInt32(bytes.count), 7])
        }
        let long = [UInt8](repeating: 0x61, count: 16)
        #expect(long.withUnsafeBufferPointer { WordCache.key($0, 0..<16) } == nil)
        #expect(long.withUnsafeBufferPointer { WordCache.key($0, 3..<3) } == nil)
    }
}
