import Elements
import Foundation
import Inference
import TestSupport
import Testing
import Tokenization

@Suite struct ChatRendererTests {
    private let prompt = Prompt(messages: [.system("Be brief."), .user("Which?")])

    /// The tiny tokenizer with the settings of a folder beside it.
    private func tokenizer(_ settings: [String: String]) throws -> Tokenizer {
        let folder = try TemporaryFolder([
            "tokenizer.json": Array(try Data(contentsOf: URL(filePath: GoldenFiles.path("tiny/tokenizer.json")))),
            "tokenizer_config.json": Array(try JSONEncoder().encode(settings)),
        ])
        return try Tokenizer.load(from: folder.path)
    }

    @Test func aPromptForATokenizerWithoutATemplateIsPlainText() throws {
        let tokenizer = try tokenizer([:])
        let bos = try #require(tokenizer.specialToken("<|bos|>"))
        let renderer = ChatRenderer(tokenizer, bos: bos)
        let text = tokenizer.encode("Be brief.\n\nWhich?\n\n")
        #expect(renderer.render(prompt) == [bos] + text)
        #expect(ChatRenderer(tokenizer, bos: nil).render(prompt) == text)
        let begun = Prompt(messages: prompt.messages, answerPrefix: "The")
        #expect(renderer.render(begun) == [bos] + text + tokenizer.encode("The"))
        #expect(renderer.decode(renderer.encode("is it")) == "is it")
        #expect(renderer.start == [bos] && ChatRenderer(tokenizer, bos: nil).start.isEmpty)
        #expect(renderer.stops.isEmpty && tokenizer.endOfSequence == nil)
    }

    @Test func anAnswerEndsAtTheEndOfSequenceThatTheFileNames() throws {
        let tokenizer = try tokenizer(["eos_token": "<|bos|>"])
        #expect(ChatRenderer(tokenizer, bos: nil).stops == [try #require(tokenizer.specialToken("<|bos|>"))])
    }

    @Test func aChatIsWrittenAsTheTokenizersTemplateWritesIt() throws {
        struct Form: Decodable { let name, template: String }
        let forms = try GoldenFiles.decode([Form].self, from: "tokenizers/chats.json")
        let zephyr = try #require(forms.first { $0.name == "zephyr" }).template
        let tokenizer = try tokenizer(["eos_token": "<|bos|>", "chat_template": zephyr])
        let template = try #require(ChatTemplate(tokenizer))
        let renderer = ChatRenderer(tokenizer, bos: nil)
        let tokens = renderer.render(prompt)
        #expect(
            tokenizer.text(of: tokens)
                == "<|system|>\nBe brief.<|bos|>\n<|user|>\nWhich?<|bos|>\n<|assistant|>\n")
        #expect(tokens.filter { tokenizer.isSpecial($0) }.count == 2 && renderer.stops == [template.endOfTurn])
    }
}
