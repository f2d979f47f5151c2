import Inference
import Scoring
import Testing

@Suite struct VerdictListTests {
    /// What is read of an answer to five examples; `nil` if nothing is.
    private func read(_ answer: String, count: Int = 5) -> [Bool]? {
        FinalAnswer.text(of: answer).flatMap { VerdictList.parse($0, count: count) }
    }

    private static let truth = [false, true, true, false, true]

    @Test(arguments: [
        "[0, 1, 1, 0, 1]", "[0,1,1,0,1]", "[ 0 , 1 , 1 , 0 , 1 ]", "[\n  0,\r\n  1,\n\t1,\n  0,\u{a0}1\n]",
        "\u{feff}[0, 1, 1, 0, 1]",
        "```json\n[0, 1, 1, 0, 1]\n```", "Here it is:\n```json\n[0, 1, 1, 0, 1]\n```\nLet me know!",
        "**[0, 1, 1, 0, 1]**",
        "\\boxed{[0, 1, 1, 0, 1]}", "\\[0, 1, 1, 0, 1\\]", "{\"answers\": [0, 1, 1, 0, 1]}", "[[0, 1, 1, 0, 1]]",
        "[0, 1, 1, 0, 1]\n[0, 1, 1, 0, 1]", "[false, true, true, false, true]", "[False, True, True, False, True]",
        "[\"0\", \"1\", \"1\", \"0\", \"1\"]", "['no', 'yes', 'yes', 'no', 'yes']",
        // What comes beside it is no list of verdicts.
        "[0, 1, 1, 0, 1]\n\n(Order: examples [1, 2, 3, 4, 5].)", "For examples [1, 2, 3, 4, 5]: [0, 1, 1, 0, 1]",
        "[0, 1, 1, 0, 1]\nConfidence: [0.9, 0.9, 0.9, 0.9, 1]", "[0, 1, 1, 0, 1]\n\nLegend: [0 = no, 1 = yes]",
        "[0, 1, 1, 0, 1]\nExplanation: [1] fits because of \"the\".",
        // Thoughts are no answer.
        "<think>\nMaybe [1, 0, 0, 1, 0]? No.\n</think>\n\n[0, 1, 1, 0, 1]",
        "Maybe [1, 0, 0, 1, 0]? No.\n</think>\n\n[0, 1, 1, 0, 1]",
        "[0, 1, 1, 0, 1]\n<think>was [1, 0, 0, 1, 0] better?</think>",
        "<|channel|>analysis<|message|>guess [1, 0, 0, 1, 0]<|end|><|start|>assistant<|channel|>final<|message|>[0, 1, 1, 0, 1]",
    ])
    func theOneListOfTheRightLengthIsRead(answer: String) {
        #expect(read(answer) == Self.truth)
    }

    @Test(arguments: [
        "", " \n", "[0, 1, 1, 0", "[0, 1, 1, 0, 1", "[0, 1, 1, 0, 1, 1]", "[0, 1, 1, 0]", "[0, 1, 1, 0, 1,]",
        "0, 1, 1, 0, 1",
        "01101", "[0.0, 1.0, 1.0, 0.0, 1.0]", "[2, 3, 5]", "[1, 2, 4]", "[]", "[-1, 1, 1, -1, 1]", "[null, 1, 1, 0, 1]",
        "[0, maybe, 1, 0, 1]", "[1, , 1, 0, 1]", "[zero, one, one, zero, one]", "[+0, +1, +1, +0, +1]",
        "[0] [1] [1] [0] [1]",
        "Example 1: no\nExample 2: yes", "[{\"example\": 1, \"fits\": 0}]", "［0, 1, 1, 0, 1］", "][", "[a, b, c, d, e]",
        // Two that differ: nothing says which is meant.
        "[0, 1, 1, 0, 1]\n\nI first thought of [1, 0, 0, 1, 0] but the above is my answer.",
        "The format is [0, 1, 0, 1, 1]. [0, 1, 1, 0, 1]",
        // A thought that is not ended.
        "<think>\nLet me see. A first guess is [0, 1, 1, 0, 1], but", "[0, 1, 1, 0, 1] <think>or",
        "<THINK>[0, 1, 1, 0, 1]",
        "<|channel|>analysis<|message|>guess [0, 1, 1, 0, 1]",
    ])
    func anythingElseSaysNothing(answer: String) {
        #expect(read(answer) == nil)
    }

    @Test func aBareNumberIsAVerdictOnOneExampleOnly() {
        #expect(read(" 1\n", count: 1) == [true])
        #expect(read("[0]", count: 1) == [false])
        for nothing in ["10", "[1, 1]", "[]", "[0]\n(Order: examples [1].)", "[-1]", "[null, ]"] {
            #expect(read(nothing, count: 1) == nil)
        }
        #expect(read("1", count: 2) == nil)
    }

    @Test func nothingOfAnAnswerThatWasCutOffIsRead() throws {
        let cut = Completion(text: "[0, 1, 1, 0, 1] since", tokensIn: 1, tokensOut: 64, isCutOff: true)
        #expect(
            throws: InferenceError(.badAnswer, "the answer was cut off at its limit of tokens: [0, 1, 1, 0, 1] since")
        ) {
            try cut.whole()
        }
        let thinking = Completion(text: "<think>[0, 1]", tokensIn: 1, tokensOut: 3)
        #expect(throws: InferenceError(.badAnswer, "the answer ends within a thought: <think>[0, 1]")) {
            try thinking.whole()
        }
        #expect(try Completion(text: "<think>x</think>\n[1]", tokensIn: 1, tokensOut: 3).whole() == "\n[1]")
    }
}
