import Foundation
import TestSupport
import Testing
import Tokenization

/// `gloss generate` as a person meets it.
@Suite(.timeLimit(.minutes(5))) struct GenerateCommandTests {
    private struct Answer: Decodable, Equatable {
        let ids: [UInt32]
        let text: String
    }

    private let program = GlossProgram()

    private func generate(
        _ lines: [String], model: String = Folders.model, tokens: Int = 24, _ options: [String] = []
    ) throws -> [Answer] {
        let outcome = try program.run(
            ["generate", "--model", model, "--max-tokens", "\(tokens)"] + options,
            input: lines.joined(separator: "\n") + "\n")
        try #require(outcome.status == 0, "\(outcome.errors)")
        return try outcome.lines(as: Answer.self)
    }

    private static func line(_ fields: [String: some Encodable]) throws -> String {
        String(decoding: try JSONEncoder().encode(fields), as: UTF8.self)
    }

    @Test(arguments: ["int8", "f32"]) func anAnswerIsTheSameWithAnyNumberOfThreads(activations: String) throws {
        let text = String(repeating: "The river carries the stone, and the letter follows the garden. ", count: 40)
        let lines = [try Self.line(["prompt": text]), try Self.line(["prompt": "Once upon a time"])]
        // Drawn, so that a bit of difference is likely to show.
        let options = ["--activations", activations, "--temperature", "1.5", "--threads"]
        let alone = try generate(lines, options + ["1"])
        #expect(alone.count == 2 && alone.allSatisfy { !$0.ids.isEmpty })
        #expect(try generate(lines, options + ["3"]) == alone)
    }

    @Test func anAnswerEndsBeforeTheModelsEndTokenUnlessThatIsIgnored() throws {
        let tokenizer = try Tokenizer.load(from: Folders.model)
        let end = try #require(tokenizer.specialToken("<|im_end|>"))
        let chat = [#"{"messages": [{"role": "user", "content": "Say hello."}]}"#]
        let whole = try #require(try generate(chat, tokens: 64).first)
        let beyond = try #require(try generate(chat, tokens: 64, ["--ignore-end"]).first)
        #expect(beyond.ids.count == 64 && !whole.ids.isEmpty)
        #expect(whole.ids == Array(beyond.ids.prefix { $0 != end }) && whole.ids.count < 64)
        #expect(!whole.text.contains("<|im_end|>") && beyond.text.contains("<|im_end|>"))
    }

    @Test func aChatIsWrittenByTheModelsTemplate() throws {
        let tokenizer = try Tokenizer.load(from: Folders.model)
        let messages = [
            ("system", "You answer in one word."), ("user", "A colour?"), ("assistant", "Red."),
            ("user", "Another <|im_end|>?"),
        ]
        let ids = try ChatTemplate(recognizing: tokenizer).render(
            messages.map { (role: $0.0, content: $0.1) }, addGenerationPrompt: true)
        let chat = try Self.line(["messages": messages.map { ["role": $0.0, "content": $0.1] }])
        let answers = try generate([chat, try Self.line(["prompt_ids": ids])])
        #expect(answers.count == 2 && answers[0] == answers[1])
    }

    @Test func aChatForAModelWithoutATemplateIsPlainTextAndThatIsSaid() throws {
        let subject = try TinySubject()
        let model = subject.folder.file("model")
        let chat = #"{"messages": [{"role": "system", "content": "b"}, {"role": "user", "content": "a"}]}"#
        let plain = try generate([#"{"prompt": "b\n\na\n\n"}"#], model: model, tokens: 4)
        let outcome = try program.run(
            ["generate", "--model", model, "--max-tokens", "4"], input: chat + "\n" + chat + "\n")
        #expect(try outcome.lines(as: Answer.self) == plain + plain)
        #expect(outcome.errors.components(separatedBy: "no chat template").count == 2)
    }

    @Test(arguments: [
        (#"{"messages": []}"#, "the chat has no messages"),
        (
            #"{"messages": [{"role": "tool", "content": "a"}]}"#,
            "messages[0]: the role \"tool\" is not known, expected system, user or assistant"
        ),
        (#"{"messages": [{"role": "user", "content": ""}]}"#, "messages[0]: the content is empty"),
        (
            #"{"messages": [{"role": "user", "content": "a"}, {"role": "user"}]}"#,
            #"the field "messages[1].content" is missing"#
        ),
        (
            #"{"messages": [{"role": "user", "content": ["a"]}]}"#,
            #"the field "messages[0].content" is not a String"#
        ),
        (#"{"messages": [{"content": "a"}]}"#, #"the field "messages[0].role" is missing"#),
        (
            #"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}"#,
            "messages[1]: a chat to be answered ends with a message of the user, not of the assistant"
        ),
        (#"{"prompt": "a", "messages": []}"#, #"more than one of "prompt", "prompt_ids" and "messages" is given"#),
        ("{}", #"none of "prompt", "prompt_ids" and "messages" is given"#),
        ("[1", "not a JSON object"),
    ])
    func aLineThatCannotBeAnsweredIsNamed(line: String, message: String) throws {
        let subject = try TinySubject()
        let outcome = try program.run(
            ["generate", "--model", subject.folder.file("model"), "--max-tokens", "1"],
            input: "{\"prompt\": \"a\"}\n\n" + line + "\n{\"prompt\": \"b\"}\n")
        #expect(outcome.status == 65 && outcome.output.split(separator: "\n").count == 1)
        #expect(outcome.errors.contains("standard input, line 3: \(message)"), "\(outcome.errors)")
    }

    @Test(arguments: [["--activations", "f16"], ["--threads", "0"]])
    func settingsThatCannotBeAreRefused(options: [String]) throws {
        let outcome = try program.run(["generate", "--model", Folders.model, "--max-tokens", "1"] + options)
        #expect(outcome.status == 64 && outcome.errors.contains(options[0]))
    }
}
