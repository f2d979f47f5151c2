import ArgumentParser
import LanguageModels
import Tokenization

/// Texts in, unit vectors out.
struct EmbedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed",
        abstract: #"Reads {"text": …} lines, prints {"embedding": […]} lines: vectors of length 1 by meaning."#)

    @Option(help: "The folder of a BERT sentence encoder such as all-MiniLM-L6-v2.")
    var model: String

    private struct Input: Decodable { let text: String }
    private struct Output: Encodable { let embedding: [Float] }

    func run() async throws {
        try await reporting("embed") {
            let tokenizer = try Tokenizer.load(from: model)
            let encoder = try SentenceEncoder(folder: model)
            try tokenizer.check(vocabulary: encoder.configuration.vocabulary)
            try await JSONLines.answer(Input.self) { input in
                let tokens = tokenizer.encodeWithTokensAround(input.text, maximumLength: encoder.maximumTokens)
                return Output(embedding: try encoder.encode([tokens.map { Int32(clamping: $0) }]))
            }
        }
    }
}
