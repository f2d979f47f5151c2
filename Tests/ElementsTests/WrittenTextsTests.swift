import TestSupport
import Testing

@testable import Elements

@Suite struct WrittenTextsTests {
    private func text(_ tokens: [String], _ activations: [Float], isMeant: Bool = true) -> WrittenText {
        WrittenText(tokens: tokens.map { Array($0.utf8) }, activations: activations, isMeant: isMeant)
    }

    @Test func aTextIsItsTokensWithThoseThatFireApart() {
        let written = text(["Now", " let", " me", " let", " go"], [0, 2.5, 0, 3, 1])
        #expect(written.text == "Now let me let go" && written.peak == 3)
        #expect(written.firings.map(\.bytes) == [3..<7, 10..<14, 14..<17])
        #expect(written.parts.map(\.text) == ["Now", " let", " me", " let", " go"])
        #expect(written.parts.map(\.activation) == [0, 2.5, 0, 3, 1])
        let silent = text(["Now", " then"], [0, 0])
        #expect(silent.peak == 0 && silent.parts.map(\.text) == ["Now then"])
        #expect(text([], []).parts.isEmpty)
    }

    /// A character may be cut into several tokens, and one at the end may be cut off.
    @Test func charactersOfSeveralTokensAreShownWhole() {
        let note = Array("é♪".utf8)
        let tokens = [Array(note[0..<1]), Array(note[1..<3]), Array(note[3..<4])]
        func parts(_ activations: [Float]) -> [WrittenText.Part] {
            WrittenText(tokens: tokens, activations: activations, isMeant: true).parts
        }
        #expect(parts([0, 0, 0]).map(\.text) == [String(decoding: note.prefix(4), as: UTF8.self)])
        let split = parts([1, 2, 0])
        #expect(split.map(\.text).joined() == String(decoding: note.prefix(4), as: UTF8.self))
        #expect(split.map(\.activation) == [1, 2])
        let cut = WrittenText(tokens: [Array("a".utf8), Array(note[2..<4])], activations: [0, 4], isMeant: true)
        #expect(cut.parts.map(\.text) == ["a", "\u{FFFD}"] && cut.parts.map(\.activation) == [0, 4])
    }

    @Test func bytesGiveTheTextsBack() {
        let texts = WrittenTexts([
            text(["Let", "\n", "it ♪"], [1.25, 0, .greatestFiniteMagnitude]), text([" no"], [0], isMeant: false),
            text([], []),
        ])
        #expect(WrittenTexts(bytes: texts.bytes) == texts)
        #expect(WrittenTexts(bytes: WrittenTexts([]).bytes) == WrittenTexts([]))
    }

    @Test func otherBytesAreRefusedWithoutATrap() {
        let texts = WrittenTexts([
            text(["Let", " it", " be"], [1.25, 0, 7]), text([" no"], [0.5], isMeant: false),
        ])
        let bytes = texts.bytes
        for count in 0..<bytes.count { #expect(WrittenTexts(bytes: Array(bytes.prefix(count))) == nil) }
        #expect(WrittenTexts(bytes: bytes + [0]) == nil)
        // Verdicts of judges begin with another version.
        #expect(WrittenTexts(bytes: [1] + bytes.dropFirst()) == nil)
        #expect(WrittenTexts(bytes: [2, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]) == nil)
        var numbers = NumberStream(seed: 5)
        for _ in 0..<2000 {
            var damaged = bytes
            damaged[Int.random(in: 0..<damaged.count, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
            guard let read = WrittenTexts(bytes: damaged) else { continue }
            // What can be read can be shown.
            #expect(read.texts.allSatisfy { $0.parts.map(\.text).joined() == $0.text })
        }
    }
}
