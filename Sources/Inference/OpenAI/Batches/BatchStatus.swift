import Foundation

/// What a server says of a batch.
///
/// Source: OpenAI API reference, "The batch object".
struct BatchStatus: Sendable, Hashable, Decodable {
    struct Faults: Sendable, Hashable, Decodable {
        struct Fault: Sendable, Hashable, Decodable {
            let code: String?
            let message: String?
        }

        let data: [Fault]?
    }

    let id: String
    let status: String
    let inputFile: String?
    let outputFile: String?
    let errorFile: String?
    let errors: Faults?

    private enum CodingKeys: String, CodingKey {
        case id, status, errors
        case inputFile = "input_file_id"
        case outputFile = "output_file_id"
        case errorFile = "error_file_id"
    }

    /// Whether nothing more comes.
    var isOver: Bool { ["completed", "expired", "cancelled", "failed"].contains(status) }

    /// Whether it was refused because too much waits already.
    var foundNoRoom: Bool {
        status == "failed"
            && (errors?.data ?? []).contains {
                ["token_limit_exceeded", "rate_limit_exceeded"].contains($0.code)
            }
    }

    /// What became of it, in words.
    func outcome(_ excerpt: Excerpt) -> String {
        let said = (errors?.data ?? []).compactMap(\.message).prefix(3).joined(separator: "; ")
        return "the batch \(id) \(status == "completed" ? "was completed" : "ended as \(excerpt.text(status))")"
            + (said.isEmpty ? "" : ": \(excerpt.text(said))")
    }
}

extension BatchStatus {
    /// Reads an answer; throws kind `badAnswer` if it is no batch.
    init(_ body: [UInt8], excerpt: Excerpt) throws(InferenceError) {
        do {
            self = try JSONDecoder().decode(BatchStatus.self, from: Data(body))
        } catch {
            throw InferenceError(.badAnswer, "the endpoint's answer is no batch: \(excerpt.text(body))")
        }
    }
}

/// A page of a server's list of batches.
struct BatchPage: Decodable {
    let data: [BatchStatus]
    let hasMore: Bool?

    private enum CodingKeys: String, CodingKey {
        case data
        case hasMore = "has_more"
    }
}
