import Testing

@testable import Tokenization

@Suite struct NormalTextTests {
    private func composed(_ text: String) -> NormalText? {
        var text = text
        return text.withUTF8 { ComposedText.of($0) }
    }

    @Test func composedTextIsInNormalFormC() {
        let cases = [
            ("e\u{301}a", "\u{e9}a"), ("ac\u{327}\u{301}", "a\u{1e09}"), ("\u{ac00}\u{11a8}", "\u{ac01}"),
            ("\u{1100}\u{1161}\u{11a8}!", "\u{ac01}!"), ("\u{212b}", "\u{c5}"), ("\u{958}", "\u{915}\u{93c}"),
            ("a\u{307}\u{323}", "\u{1ea1}\u{307}"), ("\u{110a5}\u{110ba}", "\u{110ab}"),
        ]
        for (text, normal) in cases { #expect(composed(text)?.bytes == Array(normal.utf8)) }
        for text in ["", "abc", "\u{e9}a", "\u{ac01}", "日本 é"] { #expect(composed(text) == nil) }
    }

    @Test func rangesLeadBackToTheOriginal() throws {
        let text = "xe\u{301} ye\u{301}z"
        let normal = try #require(composed(text))
        #expect(normal.bytes == Array("x\u{e9} y\u{e9}z".utf8))
        #expect(normal.original(of: 0..<1) == 0..<1)
        #expect(normal.original(of: 1..<3) == 1..<4)
        #expect(normal.original(of: 2..<3) == 1..<4)
        #expect(normal.original(of: 2..<5) == 1..<6)
        #expect(normal.original(of: 0..<normal.bytes.count) == 0..<text.utf8.count)
    }

    @Test func bytesThatAreNoUTF8AreLeftAsTheyAre() {
        let bytes: [UInt8] = [0x61, 0xff, 0x65, 0xcc, 0x81, 0x20, 0x65, 0xcc, 0x81]
        let normal = bytes.withUnsafeBufferPointer { ComposedText.of($0) }
        #expect(normal == nil || normal?.bytes.starts(with: [0x61, 0xff]) == true)
    }

    @Test func aPrefixStandsForNothing() throws {
        let tokenizer = try Tokenizer.load(from: Golden.path("llama2"))
        let spans = tokenizer.spans(of: "日")
        #expect(spans.first?.range == 0..<0 || spans.first?.range == 0..<3)
        #expect(spans.last?.range.upperBound == 3)
    }

    @Test func theFirstPrefixIsPutAtTheStartOfTheInputOnly() throws {
        let tokenizer = try Tokenizer.load(from: Golden.path("metaspace"))
        #expect(tokenizer.encode("the", isFirst: true) == tokenizer.encode(" the", isFirst: false))
        #expect(tokenizer.encode("the", isFirst: true) != tokenizer.encode("the", isFirst: false))
    }
}
