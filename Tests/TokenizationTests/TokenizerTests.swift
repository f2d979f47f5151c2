import Elements
import TestSupport
import Testing

@testable import Tokenization

@Suite struct TokenizerTests {
    private let tiny = TinyVocabulary.sample

    private func randomTexts(_ count: Int) -> [String] {
        var random = SplitMix(state: 8)
        let alphabet = Array("aaeehhttnr  'sC1\n日é👍\u{301}<|".unicodeScalars)
        return (0..<count).map { random.text(alphabet, length: $0 % 60) }
    }

    @Test(arguments: ["gpt-2", "smollm", "llama-bpe", "qwen2"])
    func idsEqualTheNaiveTwinAndDecodeToTheText(name: String) throws {
        var tiny = tiny
        tiny.rule = name
        let rule = try #require(SplitRule(ggufName: name))
        let tokenizer = try tiny.tokenizer
        for text in randomTexts(150) where name != "llama-bpe" {
            let ids = tokenizer.encode(text)
            let normal = name == "qwen2" ? text.precomposed : text
            #expect(ids == NaiveBPE.encode(normal, tiny, rule))
            #expect(Array(tokenizer.text(of: ids).utf8) == Array(normal.utf8))
        }
        for text in randomTexts(150) { #expect(tokenizer.text(of: tokenizer.encode(text)) == text) }
    }

    @Test func controlStringsInTextArePlainTextUnlessAskedFor() throws {
        let tokenizer = try tiny.tokenizer
        let text = "<|im_start|>the<|im_end|>"
        let plain = tokenizer.encode(text)
        #expect(!plain.contains { tokenizer.isSpecial($0) })
        #expect(tokenizer.text(of: plain) == text)
        #expect(tokenizer.encodeWithSpecialTokens(text) == [1] + tokenizer.encode("the") + [2])
        #expect(tokenizer.text(of: [1, 2]) == "<|im_start|><|im_end|>")
        #expect(tokenizer.specialToken("<|im_start|>") == 1 && tokenizer.specialToken("the") == nil)
        #expect(tokenizer.isSpecial(0) && !tokenizer.isSpecial(3) && !tokenizer.isSpecial(.max))
    }

    @Test func literalsAreCutOutOfTextTheLongestFirst() throws {
        var tiny = tiny
        tiny.literals = ["<t>", "<t><u>", "日"]
        let tokenizer = try tiny.tokenizer
        let first = UInt32(tiny.tokens.count - 3)
        #expect(tokenizer.encode("<t><u><t>a<t日") == [first + 1, first] + tokenizer.encode("a<t") + [first + 2])
        #expect(tokenizer.text(of: [first + 1, first + 2]) == "<t><u>日")
        #expect(!tokenizer.isSpecial(first))
    }

    @Test func whatTheFileSaysIsGiven() throws {
        let tokenizer = try tiny.tokenizer
        #expect(tokenizer.count == tiny.tokens.count)
        #expect(tokenizer.bosToken == 1 && tokenizer.endOfSequence == 2)
        #expect(tokenizer.addsBOS == false && tokenizer.chatTemplate == nil)
        #expect(tokenizer.bytes(of: UInt32(tiny.tokens.count)) == [] && tokenizer.bytes(of: .max) == [])
    }

    @Test func bytesThatAreNotUTF8AreKept() throws {
        let tokenizer = try tiny.tokenizer
        let bytes: [UInt8] = [0x74, 0x68, 0xff, 0x20, 0xc3, 0x74, 0x68, 0x65]
        let ids = bytes.withUnsafeBufferPointer { tokenizer.encode(bytes: $0) }
        #expect(ids.flatMap { tokenizer.bytes(of: $0) } == bytes)
        #expect([UInt8]().withUnsafeBufferPointer { tokenizer.encode(bytes: $0) } == [])
    }

    @Test func manyThreadsGetTheSameIds() async throws {
        let tokenizer = try tiny.tokenizer
        let texts = randomTexts(60)
        let expected = texts.map { tokenizer.encode($0) }
        await withTaskGroup(of: [[UInt32]].self) { group in
            for _ in 0..<8 { group.addTask { texts.map { tokenizer.encode($0) } } }
            for await ids in group { #expect(ids == expected) }
        }
    }

    @Test func everyByteHasItsCharacterAndBack() {
        #expect(Set(TinyVocabulary.alphabet).count == 256 && !TinyVocabulary.alphabet.contains(""))
        #expect(
            TinyVocabulary.alphabet[0x20] == "Ġ" && TinyVocabulary.alphabet[0x0a] == "Ċ"
                && TinyVocabulary.alphabet[0x41] == "A")
        #expect(
            ByteAlphabet.byte(of: " ") == nil && ByteAlphabet.byte(of: "\u{144}") == nil
                && ByteAlphabet.byte(of: "\u{ad}") == nil)
    }
}
