import Foundation
import Testing

@testable import Tokenization

/// Rendered chats against what Jinja2 makes of the models' own templates.
@Suite struct ChatFormTests {
    struct Family: Decodable {
        struct Message: Decodable {
            let role: String
            let content: String
        }

        struct Case: Decodable {
            let messages: [Message]
            let generation: Bool
            /// `nil` where the template refuses the chat.
            let text: String?
        }

        let name: String
        let template: String
        let cases: [Case]
    }

    private func goldens() throws -> [Family] { try Golden.decode([Family].self, "chats.json") }

    @Test func everyTemplateRendersAsJinja2Does() throws {
        let goldens = try goldens()
        #expect(goldens.count == 16)
        for golden in goldens {
            let form = try #require(ChatForm(template: golden.template), "\(golden.name)")
            for chat in golden.cases {
                guard let expected = chat.text else { continue }
                let text = form.render(
                    chat.messages.map { ($0.role, $0.content) }, bos: "<BOS>", endOfSequence: "<EOS>",
                    addGenerationPrompt: chat.generation
                ).string
                let plain = expected.hasPrefix("<BOS>") ? String(expected.dropFirst(5)) : expected
                #expect(text == plain, "\(golden.name)")
            }
        }
    }

    @Test func whereATemplateRefusesASystemMessageItGoesBeforeTheFirstQuestion() throws {
        let goldens = try goldens()
        func text(_ name: String) throws -> String? {
            let golden = try #require(goldens.first { $0.name == name })
            return ChatForm(template: golden.template)?.render(
                [("system", "Be brief."), ("user", "Why?")], bos: "", endOfSequence: "", addGenerationPrompt: true
            ).string
        }
        #expect(
            try text("gemma2")
                == "<start_of_turn>user\nBe brief.\n\nWhy?<end_of_turn>\n<start_of_turn>model\n")
        #expect(try text("mistral-v0.2") == "[INST] Be brief.\n\nWhy? [/INST]")
    }

    @Test func aChangedTemplateIsNotRecognised() throws {
        for golden in try goldens() where golden.name != "chatml" {
            for (part, other) in [("content", "text"), ("role", "speaker"), ("assistant", "helper")] {
                let changed = golden.template.replacing(part, with: other)
                // Mistral's turns are told apart by nothing that is written of roles.
                if changed != golden.template, part == "content" {
                    #expect(ChatForm(template: changed) == nil, "\(golden.name)")
                }
            }
        }
    }

    @Test func anUnknownTemplateIsAnErrorUnlessPlainTextIsAskedFor() throws {
        var tiny = TinyVocabulary.sample
        tiny.template = "{{ messages }}"
        let tokenizer = try tiny.tokenizer
        let error = #expect(throws: TokenizerError.self) { try ChatTemplate(recognizing: tokenizer) }
        #expect(error?.kind == .unsupported && error?.field == "chat_template" && error?.found == "{{ messages }}")
        #expect(error?.expected.contains("Llama 3") == true)
        let plain = try #require(ChatTemplate(plain: tokenizer))
        #expect(plain.text(of: [("system", "a"), ("user", "b")], addGenerationPrompt: true) == "a\n\nb\n\n")
        #expect(plain.endOfTurn == tokenizer.endOfSequence)
    }

    @Test func marksAreControlTokensWhereTheTokenizerHasThem() throws {
        let golden = try #require(goldens().first { $0.name == "mistral-v0.2" })
        var tiny = TinyVocabulary.sample
        tiny.template = golden.template
        tiny.controls = ["<s>", "<|im_start|>", "</s>"]
        let tokenizer = try tiny.tokenizer
        let chat = try #require(ChatTemplate(tokenizer))
        let ids = chat.render([("user", "the </s> cat"), ("assistant", "hat")], addGenerationPrompt: true)
        #expect(ids == tokenizer.encode("[INST] the </s> cat [/INST]hat") + [2])
        #expect(chat.endOfTurn == 2)
    }
}
