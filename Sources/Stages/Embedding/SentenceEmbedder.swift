package import Dataflow
package import Hashing
package import LanguageModels
package import Scoring
package import Tokenization

/// A sentence encoder that runs in this process.
package struct SentenceEmbedder: TextEmbedder {
    private static let textsAtOnce = 32

    package let name: String
    package let encoder: SentenceEncoder
    package let tokenizer: Tokenizer
    package let compute: ComputePool<Void>

    package var digest: Hash128 { encoder.digest }

    /// Combines an encoder and its tokenizer; `folder` is the folder they were read from.
    package init(folder: String, encoder: SentenceEncoder, tokenizer: Tokenizer, compute: ComputePool<Void>) throws {
        name = folder.split(separator: "/").last.map(String.init) ?? folder
        self.encoder = encoder
        self.tokenizer = tokenizer
        self.compute = compute
        try tokenizer.check(vocabulary: encoder.configuration.vocabulary)
    }

    package func embed(_ texts: [String]) async throws -> [TextEmbedding] {
        try await withThrowingTaskGroup(of: (Int, [TextEmbedding]).self) { group in
            for (index, chunk) in texts.chunks(of: Self.textsAtOnce).enumerated() {
                group.addTask { (index, try await compute.run { _ in try embedNow(chunk) }) }
            }
            var parts: [(Int, [TextEmbedding])] = []
            for try await part in group { parts.append(part) }
            return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }

    private func embedNow(_ texts: [String]) throws -> [TextEmbedding] {
        let tokens = texts.map { text in
            tokenizer.encodeWithTokensAround(text, maximumLength: encoder.maximumTokens).map { Int32(clamping: $0) }
        }
        let vectors = try encoder.encode(tokens)
        return tokens.enumerated().map { index, tokens in
            TextEmbedding(
                vector: Array(vectors[index * encoder.width..<(index + 1) * encoder.width]), tokens: tokens.count)
        }
    }
}
