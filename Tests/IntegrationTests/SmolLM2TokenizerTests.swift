import Elements
import Foundation
import Testing
import Tokenization
import WeightFiles

/// The tokenizer in SmolLM2's GGUF file against what the reference gives.
@Suite struct SmolLM2TokenizerTests {
    private static let reference = GoldenModel(folder: "smollm2", file: "SmolLM2-135M-Instruct.Q4_1.gguf")

    private let lines: [GoldenModel.Line]
    private let tokenizer: Tokenizer

    init() throws {
        lines = try Self.reference.lines()
        tokenizer = try Tokenizer.load(from: Self.reference.path)
    }

    @Test func everyLineOfTheGoldenHasTheSameIdsAndDecodesToTheSameText() {
        #expect(lines.count == 330)
        for line in lines {
            // The reference reads control tokens in text.
            #expect(tokenizer.encodeWithSpecialTokens(line.text) == line.ids, "\(line.text.debugDescription)")
            #expect(tokenizer.text(of: line.ids) == line.decoded)
        }
    }

    @Test func plainEncodingDiffersOnlyWhereControlTokensAreWritten() {
        for line in lines {
            let plain = tokenizer.encode(line.text)
            #expect((plain == line.ids) == !line.ids.contains { tokenizer.isSpecial($0) })
            #expect(!plain.contains { tokenizer.isSpecial($0) } && tokenizer.text(of: plain) == line.text)
        }
    }

    @Test func whatTheFileSaysIsGiven() throws {
        #expect(tokenizer.count == 49_152 && tokenizer.addsBOS == false)
        #expect(tokenizer.bosToken == 1 && tokenizer.endOfSequence == 2)
        #expect(tokenizer.specialToken("<|endoftext|>") == 0 && tokenizer.specialToken("<|im_start|>") == 1)
        let file = try GGUFFile(path: Self.reference.path)
        #expect(file.tensors.count == 272 && file.tensors["token_embd.weight"]?.shape == [49_152, 576])
        #expect(try Tokenizer(file).encode("the same") == tokenizer.encode("the same"))
    }

    @Test func chatsAreRenderedAsTheTemplateSays() throws {
        let chat = try #require(ChatTemplate(tokenizer))
        let text = """
            <|im_start|>system
            You are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>
            <|im_start|>user
            hi<|im_end|>
            <|im_start|>assistant

            """
        let ids = chat.render([("user", "hi")], addGenerationPrompt: true)
        #expect(ids == tokenizer.encodeWithSpecialTokens(text))
        #expect(tokenizer.text(of: ids) == text)
    }
}
