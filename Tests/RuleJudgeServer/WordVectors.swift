import Foundation
import Hashing

/// Vectors of texts by the words they hold: an axis for each of 512 remainders of a word's hash.
///
/// Texts are alike as far as they share words, which is all that planted explanations need.
public enum WordVectors {
    /// The width of the vectors.
    public static let width = 512

    /// The counts of a text's words; never all zeros.
    public static func vector(of text: String) -> [Float] {
        var vector = [Float](repeating: 0, count: width)
        vector[0] = 0.01
        for word in words(of: text) {
            var hasher = SipHasher(key: SipKey(k0: 5, k1: 6), wide: false)
            hasher.update(text: word.lowercased())
            vector[1 + Int(hasher.finalize64() % UInt64(width - 1))] += 1
        }
        return vector
    }

    /// The words by which this server counts tokens.
    static func words(of text: String) -> [Substring] { text.split { !$0.isLetter && !$0.isNumber } }

    private struct Answer: Encodable {
        struct Entry: Encodable {
            let object = "embedding"
            let index: Int
            let embedding: [Float]
        }

        struct Usage: Encodable {
            let prompt_tokens: Int
            let total_tokens: Int
        }

        let object = "list"
        let model: String
        let data: [Entry]
        let usage: Usage
    }

    /// The body of the answer to a request, the last text's vector first: the order is not to be relied on.
    static func body(for request: ReceivedEmbeddings) -> String {
        let tokens = request.input.reduce(0) { $0 + words(of: $1).count }
        let answer = Answer(
            model: request.model,
            data: request.input.enumerated().reversed().map {
                Answer.Entry(index: $0.offset, embedding: vector(of: $0.element))
            }, usage: Answer.Usage(prompt_tokens: tokens, total_tokens: tokens))
        return (try? JSONEncoder().encode(answer)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
