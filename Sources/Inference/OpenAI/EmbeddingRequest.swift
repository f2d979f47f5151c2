import Foundation
import JSONText

/// The body of a request for the vectors of some texts.
///
/// Source: OpenAI API reference, "Create embeddings".
struct EmbeddingRequest: Encodable {
    let model: String
    let input: [String]
    let encoding_format = "float"

    /// Makes a request; endpoints refuse a text without a character, so that one is sent as a space.
    init(_ texts: some Sequence<String>, model: String) {
        self.model = model
        input = texts.map { $0.isEmpty ? " " : $0 }
    }

    /// The body's bytes, the same for the same request.
    func body() throws(InferenceError) -> [UInt8] {
        do {
            return try SortedJSON.bytes(of: self)
        } catch {
            throw InferenceError(.unsupported, "the texts cannot be written as JSON")
        }
    }
}

/// The body of an endpoint's answer to it.
struct EmbeddingResponse: Decodable {
    struct Entry: Decodable {
        let index: Int?
        let embedding: [Float]
    }

    struct Usage: Decodable {
        let prompt_tokens: Int?
        let total_tokens: Int?
    }

    let data: [Entry]
    let usage: Usage?

    /// The tokens of all texts; 0 if the endpoint does not say.
    var tokens: Int { ReportedTokens.count(usage?.prompt_tokens ?? usage?.total_tokens) }

    /// Reads a body; throws kind `badAnswer`, with its start, if it holds no vectors.
    init(_ body: [UInt8], excerpt: Excerpt) throws(InferenceError) {
        do {
            self = try JSONDecoder().decode(EmbeddingResponse.self, from: Data(body))
        } catch {
            throw InferenceError(
                .badAnswer, "the endpoint's answer is not a list of embeddings: \(excerpt.text(body))")
        }
    }

    /// The vectors of `count` texts in their order, each brought to length 1.
    ///
    /// Throws kind `badAnswer` if there is not one for each, or if one has no length or another width than the rest.
    func vectors(count: Int) throws(InferenceError) -> [[Float]] {
        guard data.count == count else {
            throw InferenceError(.badAnswer, "the endpoint gave \(data.count) embeddings for \(count) texts")
        }
        var vectors = [[Float]](repeating: [], count: count)
        for (place, entry) in data.enumerated() {
            let index = entry.index ?? place
            guard vectors.indices.contains(index), vectors[index].isEmpty else {
                throw InferenceError(.badAnswer, "the endpoint's embeddings have no index each of their own")
            }
            let length = entry.embedding.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            guard length.isFinite, length > 0 else {
                throw InferenceError(.badAnswer, "the endpoint gave an embedding without a length")
            }
            vectors[index] = entry.embedding.map { Float(Double($0) / length) }
        }
        guard vectors.allSatisfy({ $0.count == vectors.first?.count }) else {
            throw InferenceError(.badAnswer, "the endpoint gave embeddings of several widths")
        }
        return vectors
    }
}
