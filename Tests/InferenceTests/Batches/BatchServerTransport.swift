import Foundation
import Synchronization

@testable import Inference

/// A server of chats and batches, as OpenAI's: a batch has ended after a number of looks, its answers in the opposite order.
final class BatchServerTransport: HTTPTransport {
    /// What becomes of a question of a batch.
    enum Fate: Sendable {
        case answer(String)
        /// A status and a message, in the file of errors.
        case error(Int, String)
        /// Not asked in time, in the file of errors.
        case expired
        /// In neither file.
        case missing
    }

    struct Behaviour: Sendable {
        /// The looks after which a batch is over.
        var looks = 2
        /// How a batch ends, by its number from 0.
        var status: @Sendable (Int) -> String = { _ in "completed" }
        /// What becomes of a question: the number of its batch, and what the user said last.
        var fate: @Sendable (Int, String) -> Fate = { _, said in .answer("answer to \(said)") }
        /// The code and the message of a batch that fails.
        var fault = ("invalid_json_line", "This line is not parseable as valid JSON.")
        /// The answer to a chat that is asked by itself; `nil` for an ordinary one.
        var chat: @Sendable (NSDictionary) -> (Int, String)? = { _ in nil }
        /// Answers before any other: method and path, and how often it was asked.
        var first: @Sendable (String, Int) -> HTTPResponse? = { _, _ in nil }
        /// Failures after the server has done what it was asked.
        var lost: @Sendable (String, Int) -> HTTPTransportError? = { _, _ in nil }
        /// Whether each line of answers comes twice, after one that is broken.
        var repeatsLines = false
    }

    private struct Batch {
        let id: String
        let file: String
        let number: Int
        var looks = 0
    }

    private struct State {
        var files: [String: [UInt8]] = [:]
        var batches: [Batch] = []
        var asked: [String: Int] = [:]
        var chats = 0
    }

    private let state = Mutex(State())
    let behaviour: Behaviour

    init(_ behaviour: Behaviour = Behaviour()) { self.behaviour = behaviour }

    /// The batches that were made.
    var batches: Int { state.withLock { $0.batches.count } }
    /// The chats that were asked by themselves.
    var chats: Int { state.withLock { $0.chats } }
    /// How often a method and path were asked.
    func asked(_ what: String) -> Int { state.withLock { $0.asked[what] ?? 0 } }
    /// The questions of each batch, by what the user said last.
    var questions: [[String]] {
        state.withLock { state in state.batches.map { Self.lines(state.files[$0.file] ?? []).map(\.said) } }
    }

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        await Task.yield()
        let path = request.url.replacing("https://h/v1", with: "").split(separator: "?").first.map(String.init) ?? ""
        let what = "\(request.method) \(path.replacing(#/batch_\d+|file-\d+|out-\d+|err-\d+/#, with: "ID"))"
        let number = state.withLock { state in
            state.asked[what, default: 0] += 1
            return state.asked[what] ?? 0
        }
        if let response = behaviour.first(what, number) { return response }
        let response = state.withLock { answer(to: request, path, &$0) }
        if let lost = behaviour.lost(what, number) { throw lost }
        return response
    }

    private func answer(to request: HTTPRequest, _ path: String, _ state: inout State) -> HTTPResponse {
        let parts = path.split(separator: "/").map(String.init)
        switch (request.method, parts.first ?? "", parts.count) {
        case ("POST", "chat", _):
            state.chats += 1
            let fields = (try? JSONSerialization.jsonObject(with: Data(request.body))) as? NSDictionary ?? [:]
            if let (status, message) = behaviour.chat(fields) {
                return Self.json(#"{"error":{"message":"\#(message)"}}"#, status: status)
            }
            return Self.json(Self.chat("answer to \(Self.said(fields))"))
        case ("POST", "files", 1):
            let id = "file-\(state.files.count)"
            guard let lines = Self.upload(request) else { return Self.json("{}", status: 400) }
            state.files[id] = lines
            return Self.json(#"{"id":"\#(id)","object":"file","purpose":"batch"}"#)
        case ("POST", "batches", 1):
            let fields = (try? JSONSerialization.jsonObject(with: Data(request.body))) as? NSDictionary ?? [:]
            guard let file = fields["input_file_id"] as? String, state.files[file] != nil,
                fields["endpoint"] as? String == "/v1/chat/completions",
                fields["completion_window"] as? String == "24h"
            else { return Self.json(#"{"error":{"message":"bad batch"}}"#, status: 400) }
            let batch = Batch(id: "batch_\(state.batches.count)", file: file, number: state.batches.count)
            state.batches.append(batch)
            return Self.json(object(batch))
        case ("GET", "batches", 1):
            let list = state.batches.reversed().map { object($0) }.joined(separator: ",")
            return Self.json(#"{"object":"list","data":[\#(list)],"has_more":false}"#)
        case ("GET", "batches", 2):
            guard let index = state.batches.firstIndex(where: { $0.id == parts[1] }) else {
                return Self.json(#"{"error":{"message":"No batch found"}}"#, status: 404)
            }
            state.batches[index].looks += 1
            return Self.json(object(state.batches[index]))
        case ("GET", "files", 3):
            let number = Int(parts[1].dropFirst(4)) ?? 0
            guard let batch = state.batches.first(where: { $0.number == number }) else {
                return Self.json("{}", status: 404)
            }
            let text = answers(to: batch, state.files[batch.file] ?? [], errors: parts[1].hasPrefix("err"))
            return HTTPResponse(status: 200, body: Array(text.utf8))
        default: return Self.json(#"{"error":{"message":"Not Found"}}"#, status: 404)
        }
    }

    private func object(_ batch: Batch) -> String {
        let isOver = batch.looks >= behaviour.looks
        let status = isOver ? behaviour.status(batch.number) : "in_progress"
        let hasFiles = isOver && status != "failed"
        let files = hasFiles ? (#""out-\#(batch.number)""#, #""err-\#(batch.number)""#) : ("null", "null")
        let errors =
            status == "failed"
            ? #"{"object":"list","data":[{"code":"\#(behaviour.fault.0)","message":"\#(behaviour.fault.1)"}]}"# : "null"
        return #"{"id":"\#(batch.id)","object":"batch","status":"\#(status)","input_file_id":"\#(batch.file)","#
            + #""output_file_id":\#(files.0),"error_file_id":\#(files.1),"errors":\#(errors)}"#
    }

    private func answers(to batch: Batch, _ file: [UInt8], errors: Bool) -> String {
        let lines = Self.lines(file).reversed().compactMap { line -> String? in
            let head = #"{"id":"batch_req_1","custom_id":"\#(line.id)","#
            switch (behaviour.fate(batch.number, line.said), errors) {
            case (.answer(let text), false):
                return head
                    + #""response":{"status_code":200,"request_id":"r","body":\#(Self.chat(text))},"error":null}"#
            case (.error(let status, let message), true):
                return head
                    + #""response":{"status_code":\#(status),"body":{"error":{"message":"\#(message)"}}},"error":null}"#
            case (.expired, true):
                return head + #""response":null,"error":{"code":"batch_expired","message":"not executed in time"}}"#
            default: return nil
            }
        }
        guard behaviour.repeatsLines else { return lines.joined(separator: "\n") }
        return lines.flatMap { [#"{"custom_id":"gloss"#, $0, $0] }.joined(separator: "\n")
    }

    private static func json(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, body: Array(text.utf8))
    }

    private static func chat(_ text: String) -> String {
        #"{"choices":[{"message":{"role":"assistant","content":"\#(text)"},"finish_reason":"stop"}],"#
            + #""usage":{"prompt_tokens":12,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":8}}}"#
    }

    private static func said(_ chat: NSDictionary) -> String {
        ((chat["messages"] as? [NSDictionary])?.last?["content"] as? String) ?? ""
    }

    /// The lines of an upload; `nil` if it is none with the purpose of batches.
    private static func upload(_ request: HTTPRequest) -> [UInt8]? {
        let parts = String(decoding: request.body, as: UTF8.self).components(separatedBy: "\r\n\r\n")
        guard request.headers["content-type"]?.hasPrefix("multipart/form-data; boundary=") == true, parts.count == 3,
            parts[1].hasPrefix("batch\r\n"), parts[1].contains(#"filename="gloss.jsonl""#),
            let lines = parts[2].components(separatedBy: "\r\n--").first
        else { return nil }
        return Array(lines.utf8)
    }

    private static func lines(_ file: [UInt8]) -> [(id: String, said: String)] {
        file.split(separator: 0x0a).compactMap { line in
            let fields = (try? JSONSerialization.jsonObject(with: Data(line))) as? NSDictionary
            guard let id = fields?["custom_id"] as? String, let body = fields?["body"] as? NSDictionary,
                fields?["method"] as? String == "POST", fields?["url"] as? String == "/v1/chat/completions"
            else { return nil }
            return (id, said(body))
        }
    }
}
