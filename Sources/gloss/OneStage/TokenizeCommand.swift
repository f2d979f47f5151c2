import ArgumentParser
import Tokenization

/// Text in, token ids out.
struct TokenizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenize",
        abstract: #"Reads {"text": …} lines, prints {"ids": […]} lines."#)

    @Option(help: "A GGUF file, a tokenizer.json, or a folder that holds one.")
    var model: String

    @Flag(help: "Read control tokens written in the text as plain text, as a running topology does.")
    var plain = false

    private struct Input: Decodable { let text: String }
    private struct Output: Encodable { let ids: [UInt32] }

    func run() async throws {
        try await reporting("tokenize") {
            let tokenizer = try Tokenizer.load(from: model)
            try await JSONLines.answer(Input.self) {
                Output(ids: plain ? tokenizer.encode($0.text) : tokenizer.encodeWithSpecialTokens($0.text))
            }
        }
    }
}
