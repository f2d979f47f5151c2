import ArgumentParser
import Elements
import LanguageModels
import Tokenization

/// A prompt in, its continuation out.
struct GenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: #"Reads {"prompt": …} or {"prompt_ids": […]} lines, prints {"ids": […], "text": …} lines."#,
        discussion: "The likeliest token each time, or drawn with --temperature; the same seed draws the same tokens.")

    @Option(help: "A GGUF file or a Hugging Face folder.")
    var model: String

    @Option(help: "The most tokens to generate.")
    var maxTokens: Int

    @Option(help: "What logits are divided by before a token is drawn; 0 takes the likeliest.")
    var temperature: Float = 0

    @Option(help: "Draw only from the likeliest tokens whose probabilities sum to this.")
    var topP: Float = 1

    @Option(help: "Draw only from so many of the likeliest tokens.")
    var topK: Int?

    @Option(help: "What the draws follow from.")
    var seed: UInt64 = 0

    private struct Input: Decodable {
        let prompt: String?
        let prompt_ids: [UInt32]?
    }

    private struct Output: Encodable {
        let ids: [UInt32]
        let text: String
    }

    func validate() throws {
        if maxTokens < 1 { throw ValidationError("--max-tokens needs a number of at least 1") }
    }

    func run() async throws {
        try await reporting("generate") {
            let sampling = try Sampling(temperature: temperature, topP: topP, topK: topK, seed: seed)
            let tokenizer = try Tokenizer.load(from: model)
            let session = try GenerationSession(model: try LanguageModel(path: model))
            try JSONLines.answer(Input.self) { input in
                session.truncate(to: 0)
                let ids = try session.generate(
                    prompt: try prompt(input, tokenizer), maximumTokens: maxTokens, sampling: sampling)
                return Output(ids: ids, text: tokenizer.text(of: ids))
            }
        }
    }

    private func prompt(_ input: Input, _ tokenizer: Tokenizer) throws -> [UInt32] {
        switch (input.prompt, input.prompt_ids) {
        case (let text?, nil):
            let bos = tokenizer.addsBOS == true ? tokenizer.bosToken.map { [$0] } ?? [] : []
            return bos + tokenizer.encode(text)
        case (nil, let ids?): return ids
        case (nil, nil): throw OneStageError(#"neither "prompt" nor "prompt_ids" is given"#)
        case (.some, .some): throw OneStageError(#"both "prompt" and "prompt_ids" are given"#)
        }
    }
}
