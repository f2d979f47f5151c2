import Foundation

/// Why a daemon refuses a request, in its own words.
enum ServedFailure {
    private struct Answer: Decodable {
        struct Fault: Decodable { let message: String }
        let error: Fault
    }

    /// The message of an answer; `nil` if it is not one of a daemon.
    static func message(of body: some Sequence<UInt8>) -> String? {
        try? JSONDecoder().decode(Answer.self, from: Data(body)).error.message
    }
}
