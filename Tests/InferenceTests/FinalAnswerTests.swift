import Inference
import Testing

@Suite struct FinalAnswerTests {
    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("<think>a</think>b", "b"), ("a</think>b", "b"), ("b<think>a</think>", "b"),
        ("<think></think>\n\nb", "\n\nb"), ("<Thinking>a</THINKING>b", "b"), ("<reasoning>a</reasoning>b", "b"),
        ("[THINK]a[/THINK]b", "b"), ("<think>a<think>c</think>d</think>b", "b"), ("a < b [c] <x>", "a < b [c] <x>"),
        ("<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b<|return|>", "b"),
    ])
    func thoughtsAreTakenOut(answer: String, said: String) {
        #expect(FinalAnswer.text(of: answer) == said)
    }

    @Test(arguments: [
        "<think>", "<think>a", "b<think>a", "<think>a<think>c</think>d", "<|channel|>analysis<|message|>a",
    ])
    func aThoughtThatIsNotEndedHasNoAnswer(answer: String) {
        #expect(FinalAnswer.text(of: answer) == nil)
    }

    @Test func aCompletionShowsItsStartOnOneLine() {
        let long = Completion(text: "a\nb\u{1B}[31m" + String(repeating: "x", count: 500), tokensIn: 1, tokensOut: 1)
        #expect(long.start.hasPrefix("a b[31mxx") && long.start.count == 120)
        #expect(Completion(text: " \n", tokensIn: 1, tokensOut: 1).start == "it is empty")
    }
}
