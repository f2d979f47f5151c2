import TestSupport
import Testing

@testable import LatentSheets

/// Words looked for byte by byte, against the texts in lower case.
@Suite struct LabelWordsTests {
    private func naive(_ words: [String], _ texts: [String]) -> Bool {
        let text = texts.joined(separator: "\n").lowercased()
        return words.allSatisfy(text.contains)
    }

    @Test func wordsAreFoundAsInTheTextInLowerCase() {
        var generator = SplitMix(seed: 11)
        // A letter with an accent of its own, the sign for Kelvin and others that another letter is the lower case of.
        let pieces = [
            "a", "B", "the", "The", "e\u{301}", "é", "É", "·", "»", "µ", "K", "ß", "İ", " ", "Z9", "\r\n", "日", "o",
            "/", "-", "I",
        ]
        let wanted = [
            "codes", "s/1", "layer-9", "3", "es/2", "a", "the", "e", "k", "b", "ab", "9", "z9", "é", "i", "·the", "o/",
            "thethe", "ß",
        ]
        var found = 0
        for _ in 0..<4000 {
            let texts = (0..<generator.below(3)).map { _ in
                (0..<generator.below(9)).map { _ in pieces[generator.below(pieces.count)] }.joined()
            }
            let coder = ["codes", "Layer-9·", "É4"][generator.below(3)]
            let name = "\(coder)/\(generator.below(40))"
            let words = (0..<(1 + generator.below(2))).map { _ in wanted[generator.below(wanted.count)] }
            let isFound = naive(words, texts + [name])
            #expect(
                LabelWords(words, coder: coder).areAll(in: texts, orName: name) == isFound,
                "\(words) in \(texts) or \(name)")
            if isFound { found += 1 }
        }
        #expect(found > 200)
    }

    @Test func eachWordMayBeInAnotherText() {
        let one = LabelWords(["one", "two"], coder: "codes")
        #expect(one.areAll(in: ["ONE", "a two"], orName: "codes/1"))
        #expect(!one.areAll(in: ["ONE"], orName: "codes/1"))
        #expect(LabelWords(["one", "s/12"], coder: "codes").areAll(in: ["ONE"], orName: "codes/123"))
        #expect(!LabelWords(["one", "s/12"], coder: "codes").areAll(in: ["ONE"], orName: "codes/13"))
        let none = LabelWords([], coder: "codes")
        #expect(none.isEmpty && none.areAll(in: [], orName: "codes/1"))
    }
}
