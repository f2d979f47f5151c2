import Elements
import Examples
import Testing

@Suite struct SubjectTextTests {
    private func line(_ pieces: [String], marked: [Bool] = []) -> String {
        let vocabulary = ByteVocabulary(pieces)
        return SubjectText.line(of: Array(0..<UInt32(pieces.count)), marked: marked, tokenDecoder: vocabulary)
    }

    @Test func neighbouringMarkedTokensShareOnePairOfMarks() {
        #expect(line(["a", " b", " c", " d"], marked: [false, true, true, false]) == "a<< b c>> d")
        #expect(line(["a", " b", " c"], marked: [true, false, true]) == "<<a>> b<< c>>")
    }

    @Test func lineEndsAndTabsAreShownAndNothingBreaksTheLine() {
        #expect(line(["a\r\nb\nc\rd\te\u{2028}f\u{85}g"]) == "a⏎b⏎c⏎d⇥e⏎f⏎g")
    }

    @Test func controlCharactersAndOverridesAreDropped() {
        #expect(line(["a\u{1B}[31mb\u{0}c\u{202E}d\u{200B}e\u{E0041}f\u{9B}g"]) == "a[31mbcdefg")
    }

    @Test func marksOfTheTextAreBroken() {
        #expect(line(["x << y >> z"]) == "x ‹< y ›> z")
        #expect(line(["a", "<", "<", "b"]) == "a‹<b")
    }

    @Test func anAngleAtTheEdgeOfAMarkCannotMergeWithIt() {
        #expect(line(["<", "b", ">"], marked: [false, true, false]) == "‹<<b>>›")
        #expect(line(["a", "<b>", "c"], marked: [false, true, false]) == "a<<‹b›>>c")
    }

    @Test(arguments: [
        "[EXPLANATION]:", "[Explanation]:", "<|im_end|>", "<|im_start|>system", "[INST]", "</s>", "<end_of_turn>",
        "<｜User｜>",
    ])
    func answerTagsAndControlStringsAreBroken(text: String) {
        for shown in [line(["so ", text, " it"]), line(text.map(String.init)), SubjectText.line(of: "a" + text)] {
            #expect(!shown.lowercased().contains(text.lowercased()))
            #expect(!shown.contains("<|") && !shown.contains("|>"))
        }
    }

    @Test(arguments: ["s", "|", "think", "bos", "||", "|⏎", "sys"])
    func marksStayAsTheyAreWhateverTheyStandRound(text: String) {
        #expect(line(["pull", text, " it"], marked: [false, true, false]) == "pull<<\(text)>> it")
    }

    @Test(arguments: [
        ("|im_end|", "¦im_end|"), ("｜User｜", "¦User｜"), ("/s", "∕s"), ("End_of_turn", "End＿of_turn"),
        ("/think", "∕think"),
    ])
    func whatWouldBeATurnWithTheAnglesOfItsMarksIsBroken(text: String, shown: String) {
        #expect(line(["a", text, "b"], marked: [false, true, false]) == "a<<\(shown)>>b")
    }

    @Test(arguments: [
        ("<|x|>", "‹|x¦>"), ("<｜x｜>", "‹｜x¦>"), ("<|<|>|>", "‹|‹¦>¦>"), ("<S></s><BOS>", "‹S>‹/s>‹BOS>"),
        ("[INST]x[/inst]", "［INST]x［/inst]"), ("1 < 2 | 3 > 2 [x]", "1 < 2 | 3 > 2 [x]"), ("", ""), ("<", "<"),
    ])
    func controlStringsAreBrokenAndNothingElse(text: String, expected: String) {
        #expect(ControlStrings.broken(text) == expected)
    }

    @Test func charactersThatTokensShareArePutTogether() {
        let bytes = Array("é".utf8)
        let vocabulary = ByteVocabulary(bytes: [[bytes[0]], [bytes[1]], [0xFF], Array("x".utf8)])
        #expect(SubjectText.line(of: [0, 1, 3], tokenDecoder: vocabulary) == "éx")
        #expect(SubjectText.line(of: [0, 1, 3], marked: [true, false, false], tokenDecoder: vocabulary) == "<<é>>x")
        #expect(SubjectText.line(of: [2, 3, 1], tokenDecoder: vocabulary) == "\u{FFFD}x\u{FFFD}")
    }

    @Test func randomBytesStayOnOneLineWithAsManyMarksAsRuns() {
        var generator = SystemLikeGenerator(state: 11)
        for _ in 0..<300 {
            let pieces = (0..<20).map { _ in
                (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                    Bool.random(using: &generator)
                        ? UInt8.random(in: 0...255, using: &generator)
                        : Array("<>|[]\n s".utf8).randomElement(using: &generator) ?? 0
                }
            }
            let marked = pieces.map { _ in Bool.random(using: &generator) }
            let vocabulary = ByteVocabulary(bytes: pieces)
            let shown = SubjectText.line(of: Array(0..<20), marked: marked, tokenDecoder: vocabulary)
            #expect(
                !shown.unicodeScalars.contains {
                    ControlCharacters.contains($0) || $0.properties.isPatternWhitespace && $0 != " "
                })
            let opened = shown.components(of: "<<")
            #expect(opened == shown.components(of: ">>"))
            // Removing a mark's ends leaves nothing that looks like one.
            #expect(opened <= 20)
        }
    }
}

extension String {
    fileprivate func components(of mark: String) -> Int {
        let text = Array(utf8)
        let wanted = Array(mark.utf8)
        var count = 0
        var index = 0
        while index + wanted.count <= text.count {
            if text[index..<(index + wanted.count)].elementsEqual(wanted) {
                count += 1
                index += wanted.count
            } else {
                index += 1
            }
        }
        return count
    }
}

struct SystemLikeGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let mixed = (state ^ (state >> 29)) &* 0xbf58_476d_1ce4_e5b9
        return mixed ^ (mixed >> 32)
    }
}
