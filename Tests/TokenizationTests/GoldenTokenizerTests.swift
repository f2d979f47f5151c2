import Elements
import Testing

@testable import Tokenization

/// Ids and offsets of small tokenizers of every kind against those of the reference.
@Suite struct GoldenTokenizerTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var tokenizer: String
        var texts = ["texts.json"]
        var expected: String
        /// Whether text is composed: the reference gives such a character the offsets of its first scalar, here it has those of all.
        var composes = false
        /// Whether the reference gives the space that is put before a text the offsets of the first scalar.
        var isPrefixed = false

        init(_ name: String, composes: Bool = false, isPrefixed: Bool = false) {
            testDescription = name
            tokenizer = name + "/tokenizer.json"
            expected = name + "/expected.jsonl"
            self.composes = composes
            self.isPrefixed = isPrefixed
        }

        init(gguf name: String, isPrefixed: Bool) {
            self.init(name, isPrefixed: isPrefixed)
            tokenizer = name + ".gguf"
            expected = name + ".expected.jsonl"
        }

        /// all-MiniLM-L6-v2 as it is published.
        static var minilm: Case {
            var minilm = Case("bert-minilm").with(texts: ["texts.json", "bert-minilm/texts.json"])
            minilm.tokenizer = "bert-minilm/vocab.txt"
            return minilm
        }

        func with(texts: [String]) -> Case {
            var changed = self
            changed.texts = texts
            return changed
        }
    }

    static let cases = [
        Case("gpt2"), Case("llama3"), Case("qwen2", composes: true), Case("smollm"), Case("neox", composes: true),
        Case("added", composes: true).with(texts: ["added/texts.json"]), Case("gemma"),
        Case("llama2", isPrefixed: true), Case("metaspace", isPrefixed: true), Case(gguf: "pieces", isPrefixed: false),
        Case(gguf: "pieces-prefixed", isPrefixed: true),
        Case("bert").with(texts: ["texts.json", "bert/texts.json"]), Case("bert-cased"), .minilm,
    ]

    @Test(arguments: cases)
    func idsAndOffsetsAreThoseOfTheReference(golden: Case) throws {
        let tokenizer = try Tokenizer.load(from: Golden.path(golden.tokenizer))
        let texts = try golden.texts.flatMap { try Golden.texts($0) }
        let expected = try Golden.expected(golden.expected)
        #expect(texts.count == expected.count && texts.count > 90)
        for (text, tokens) in zip(texts, expected) {
            let ids = tokens.map { UInt32($0[0]) }
            #expect(tokenizer.encodeWithSpecialTokens(text) == ids, "\(text.debugDescription)")
            let spans = tokenizer.spans(of: text, readingSpecialTokens: true)
            #expect(spans.map(\.token) == ids, "\(text.debugDescription)")
            for (span, token) in zip(spans, tokens) {
                #expect(
                    isEqual(Self.wholeScalars(span.range, of: text), token[1]..<token[2], golden, text),
                    "\(text.debugDescription) \(span) \(token)")
            }
        }
    }

    private func isEqual(_ range: Range<Int>, _ reference: Range<Int>, _ golden: Case, _ text: String) -> Bool {
        if range == reference { return true }
        if golden.composes, !text.precomposed.utf8.elementsEqual(text.utf8) {
            return range.lowerBound <= reference.lowerBound && range.upperBound >= reference.upperBound
        }
        return golden.isPrefixed && range.isEmpty && range.lowerBound == reference.lowerBound
    }

    /// A range made wider until it starts and ends between scalars.
    private static func wholeScalars(_ range: Range<Int>, of text: String) -> Range<Int> {
        let bytes = Array(text.utf8)
        func isInside(_ offset: Int) -> Bool { offset < bytes.count && bytes[offset] & 0xc0 == 0x80 }
        var start = range.lowerBound
        var end = range.upperBound
        while isInside(start) { start -= 1 }
        while isInside(end) { end += 1 }
        return start..<end
    }

    @Test(arguments: cases.filter { !$0.testDescription.hasPrefix("bert") && $0.testDescription != "added" })
    func rangesTileTheText(golden: Case) throws {
        let tokenizer = try Tokenizer.load(from: Golden.path(golden.tokenizer))
        for text in try Golden.texts() {
            let spans = tokenizer.spans(of: text)
            #expect(spans.map(\.token) == tokenizer.encode(text))
            var last = 0..<0
            for span in spans {
                // Tokens that share a rewritten character each have all of it.
                let isShared = golden.composes && span.range.lowerBound < last.upperBound
                #expect(span.range.lowerBound == last.upperBound || isShared, "\(text.debugDescription)")
                last = span.range
            }
            #expect(last.upperBound == text.utf8.count)
        }
    }

    @Test(arguments: ["gpt2", "llama3", "smollm", "gemma", "llama2", "metaspace"])
    func decodingGivesTheTextBack(name: String) throws {
        let tokenizer = try Tokenizer.load(from: Golden.path(name))
        for text in try Golden.texts() where !text.unicodeScalars.contains("\u{2581}") {
            #expect(
                tokenizer.decode(tokenizer.encode(text)) == text || name == "metaspace" && text.hasPrefix(" "),
                "\(text.debugDescription)")
        }
    }

    @Test func wordsAreReadFromALinePerTokenToo() throws {
        let lines = try Tokenizer.load(from: Golden.path("bert/vocab.txt"))
        let json = try Tokenizer.load(from: Golden.path("bert"))
        for text in try Golden.texts() { #expect(lines.encode(text) == json.encode(text)) }
        #expect(lines.tokensBeforeText == [2] && lines.tokensAfterText == [3])
        #expect(json.tokensBeforeText == [2] && json.tokensAfterText == [3])
        let whole = json.encodeWithTokensAround("the cat sat on the mat")
        #expect(json.encodeWithTokensAround("the cat sat on the mat", maximumLength: 5) == whole[..<4] + [3])
        #expect(json.encodeWithTokensAround("the cat", maximumLength: 256) == [2] + json.encode("the cat") + [3])
        #expect(json.encodeWithTokensAround("the cat", maximumLength: 1) == [2, 3])
        #expect(json.decode(json.encode("The cat")) == "the cat")
    }

    /// Text is cut where no merge could cross; here the whole is merged as one word.
    @Test(arguments: ["gemma/tokenizer.json", "pieces.gguf"])
    func cuttingChangesNothing(name: String) throws {
        let tokenizer = try Tokenizer.load(from: Golden.path(name))
        guard case .pairs(let merging) = tokenizer.vocabulary.model else {
            Issue.record("no merges")
            return
        }
        let found = AddedTokens(
            tokenizer.vocabulary.added, normalizer: tokenizer.vocabulary.normalizer, withControls: false)
        var checked = 0
        for text in try Golden.texts() where !text.unicodeScalars.contains("\u{2581}") {
            let bytes = Array(text.utf8)
            bytes.withUnsafeBufferPointer { buffer in
                guard found.written.next(in: buffer, from: 0) == nil else { return }
                let whole = WordMerger.tokens(of: buffer, by: merging, in: tokenizer.vocabulary.tokens)
                #expect(whole.map(\.token) == tokenizer.encode(text))
                checked += 1
            }
        }
        #expect(checked > 100)
    }

    @Test func theEmbeddingMustHaveARowForEachToken() throws {
        let tokenizer = try Tokenizer.load(from: Golden.path("gemma"))
        try tokenizer.check(vocabulary: tokenizer.count)
        try tokenizer.check(vocabulary: tokenizer.count + 64)
        let error = #expect(throws: TokenizerError.self) { try tokenizer.check(vocabulary: tokenizer.count - 1) }
        #expect(error?.field == "model.vocab" && error?.found == "\(tokenizer.count) tokens")
        #expect(error?.file == Golden.path("gemma/tokenizer.json"))
    }
}
