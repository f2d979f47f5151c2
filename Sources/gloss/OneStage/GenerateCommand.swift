import ArgumentParser
import Elements
import Foundation
import Inference
import LanguageModels
import Tokenization

/// A prompt or a chat in, its continuation out.
struct GenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract:
            #"Reads {"prompt": …}, {"prompt_ids": […]} or {"messages": […]} lines, prints {"ids": […], "text": …} lines."#,
        discussion: """
            The likeliest token each time, or drawn with --temperature; the same seed draws the same tokens. Messages have a `role` \
            (system, user or assistant) and a `content`, and are written as the model's own chat template writes them. One answer \
            uses all threads, and is the same with any number of them.
            """)

    @Option(help: "A GGUF file or a Hugging Face folder.")
    var model: String

    @Option(help: "The most tokens to generate.")
    var maxTokens: Int

    @Option(
        help: """
            int8 rounds activations before products with weights of 4 to 8 bits, as a topology's judges do by default, so that what \
            is tried here is what they say: that is several times as fast. f32 keeps them.
            """,
        transform: Self.activations)
    var activations = ActivationPrecision.int8

    @Flag(help: "Go on after the tokens that end a text or a turn, up to --max-tokens.")
    var ignoreEnd = false

    @Option(help: "What logits are divided by before a token is drawn; 0 takes the likeliest.")
    var temperature: Float = 0

    @Option(help: "Draw only from the likeliest tokens whose probabilities sum to this.")
    var topP: Float = 1

    @Option(help: "Draw only from so many of the likeliest tokens.")
    var topK: Int?

    @Option(help: "What the draws follow from.")
    var seed: UInt64 = 0

    @Option(help: "Threads for computing; by default one per core.")
    var threads: Int?

    private struct Output: Encodable {
        let ids: [UInt32]
        let text: String
    }

    func validate() throws {
        if maxTokens < 1 { throw ValidationError("--max-tokens needs a number of at least 1") }
        if let threads, !(1...1000).contains(threads) {
            throw ValidationError("--threads needs a number from 1 to 1000")
        }
    }

    func run() async throws {
        try await reporting("generate") {
            let sampling = try Sampling(temperature: temperature, topP: topP, topK: topK, seed: seed)
            let tokenizer = try Tokenizer.load(from: model)
            let chat = ChatRenderer(tokenizer, bos: tokenizer.addsBOS == true ? tokenizer.bosToken : nil)
            let model = BatchedModel(
                model: try LanguageModel(path: model),
                workers: threads ?? ProcessInfo.processInfo.activeProcessorCount, permits: nil,
                activations: activations)
            var hasTold = ChatTemplate(tokenizer) != nil
            try await JSONLines.answer(GenerateInput.self) { input in
                if input.messages != nil, !hasTold {
                    hasTold = true
                    Notice.write(
                        "generate", "the model has no chat template that is known: messages are put one after the other"
                    )
                }
                let ids = try await model.generate(
                    prompt: try input.tokens(chat), maximumTokens: maxTokens, stop: ignoreEnd ? [] : chat.stops,
                    sampling: sampling)
                return Output(ids: ids, text: chat.decode(ids))
            }
        }
    }

    private static func activations(_ name: String) throws -> ActivationPrecision {
        guard let activations = ActivationPrecision(rawValue: name) else {
            throw ValidationError("--activations needs int8 or f32, not \(name)")
        }
        return activations
    }
}
