import Testing

@testable import Explaining

@Suite struct WindowWordsTests {
    private func words(
        _ texts: [String], marked: [Int], strengths: [Int: UInt8] = [:], hiding token: UInt32? = nil
    ) -> [WindowWords.Word] {
        WindowWords(
            texts.indices.map { UInt32($0) }, marked: texts.indices.map(marked.contains),
            strengths: texts.indices.map { strengths[$0] ?? 0 }, hiding: token, tokenDecoder: ToyVocabulary(texts)
        ).words
    }

    private func firing(_ texts: [String], marked: [Int]) -> [String] {
        words(texts, marked: marked).filter(\.isMarked).map(\.text)
    }

    @Test func aWordIsPutTogetherFromItsTokens() {
        let words = words([" And", " let", "ting", " go", "."], marked: [2], strengths: [2: 7])
        #expect(words.map(\.text) == ["And", "letting", "go", "."])
        #expect(words.map(\.isMarked) == [false, true, false, false])
        #expect(words[1].strength == 7)
    }

    @Test func theStrengthOfAWordIsTheLargestOfItsMarkedTokens() {
        let words = words([" un", "will", "ing"], marked: [0, 2], strengths: [0: 3, 1: 10, 2: 5])
        #expect(words == [WindowWords.Word(text: "unwilling", strength: 5, isMarked: true)])
    }

    @Test(arguments: [
        ([" a", " (", ")[", "0"], [2], [")["]), (["def", "_", "init", "__"], [1, 3], ["_", "__"]),
        (["x", "\n", "\n\n", "y"], [1], ["⏎"]), (["x", " ", "y"], [1], ["a space"]),
        (["caf", "\u{e9}", "s "], [1], ["cafés"]), (["a", " ", "b c"], [2], ["b", "c"]),
    ])
    func signsAndLineEndsAreWordsOfTheirOwn(texts: [String], marked: [Int], expected: [String]) {
        #expect(firing(texts, marked: marked) == expected)
    }

    @Test func whatIsHiddenIsNoWord() {
        #expect(words(["<bos>", " one"], marked: [0, 1], hiding: 0).map(\.text) == ["one"])
    }

    @Test func bytesThatAreNoTextAreShownAsSuch() {
        let vocabulary = ToyVocabulary(bytes: [[0xC2], Array(" x".utf8)])
        let words = WindowWords(
            [0, 1], marked: [true, false], strengths: [4, 0], hiding: nil, tokenDecoder: vocabulary
        ).words
        #expect(words.map(\.text) == ["\u{FFFD}", "x"] && words[0].isMarked)
    }

    /// Every text, however cut into tokens, gives the words of the text read whole.
    @Test func wordsDoNotDependOnHowATextIsCut() {
        var generator = TestGenerator(state: 5)
        let text = Array(
            "He said, \"let's go\" — naïve café_2 (x[0] == 17)!\n\nNext line".unicodeScalars.map(String.init))
        let letters = words([text.joined()], marked: []).filter { $0.text.allSatisfy { $0.isLetter || $0.isNumber } }
        for _ in 0..<200 {
            var tokens: [String] = [""]
            for scalar in text {
                if Int.random(in: 0..<3, using: &generator) == 0 { tokens.append("") }
                tokens[tokens.count - 1] += scalar
            }
            let cut = words(tokens, marked: []).filter { $0.text.allSatisfy { $0.isLetter || $0.isNumber } }
            #expect(cut.map(\.text) == letters.map(\.text))
        }
        #expect(
            letters.map(\.text) == [
                "He", "said", "let", "s", "go", "naïve", "café", "2", "x", "0", "17", "Next", "line",
            ])
    }
}
