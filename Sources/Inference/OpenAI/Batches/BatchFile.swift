import JSONText

/// The files of a batch: one JSON object a line.
///
/// Source: OpenAI API reference, "The request input object" and "The request output object" of batches.
enum BatchFile {
    /// What a question has come to.
    enum Outcome: Sendable, Hashable {
        /// The body of an answer.
        case answer([UInt8])
        /// What the server said in place of one.
        case failure(InferenceError)
        /// It was not asked in the time of the batch.
        case unasked(String)
    }

    /// The line of a question; `body` is a chat request.
    static func line(_ id: QuestionID, body: [UInt8], address: String) -> [UInt8] {
        Array(#"{"custom_id":"\#(id)","method":"POST","url":"\#(address)","body":"#.utf8) + body + [0x7d, 0x0a]
    }

    /// The outcomes of the questions of one file, whatever the order of its lines.
    ///
    /// Lines that cannot be read, and those of other questions, are passed over; of several lines of a question the first one
    /// with an answer counts.
    static func outcomes(
        in file: [UInt8], of questions: Set<QuestionID>, excerpt: Excerpt, now: Int64
    ) -> [QuestionID: Outcome] {
        var outcomes: [QuestionID: Outcome] = [:]
        for line in file.split(separator: 0x0a) {
            guard let (id, outcome) = outcome(of: line, excerpt: excerpt, now: now), questions.contains(id) else {
                continue
            }
            if case .answer = outcomes[id] { continue }
            if case .answer = outcome { outcomes[id] = outcome } else if outcomes[id] == nil { outcomes[id] = outcome }
        }
        return outcomes
    }

    private static let notAsked: Set = ["batch_expired", "batch_cancelled"]

    private static func outcome(
        of line: ArraySlice<UInt8>, excerpt: Excerpt, now: Int64
    ) -> (QuestionID, Outcome)? {
        guard let object = try? JSONValue(json: Array(line)),
            let id = object["custom_id"]?.string.flatMap({ QuestionID($0) })
        else { return nil }
        if let response = object["response"], let body = response["body"] {
            let answer = HTTPResponse(status: response["status_code"]?.integer ?? 200, body: Array(body.text.utf8))
            if let failure = EndpointFailure.error(answer, excerpt: excerpt, now: now) {
                return (id, .failure(failure))
            }
            return (id, .answer(answer.body))
        }
        let code = object["error"]?["code"]?.string ?? ""
        let said = excerpt.text(object["error"]?["message"]?.string ?? code)
        if notAsked.contains(code) { return (id, .unasked(said)) }
        let words = "the batch has no answer" + (said.isEmpty ? "" : ": \(said)")
        return (id, .failure(InferenceError(.serverFailure, words)))
    }
}
