import Foundation
import Synchronization

/// The files and batches of a rule judge: a batch is over once it was looked at while none is held back.
public final class ServedBatches: Sendable {
    private struct Batch {
        let file: String
        var isOver = false
    }

    private struct State {
        var files: [[UInt8]] = []
        var batches: [Batch] = []
        var isHeld = false
        var refusal: (Int, String)?
    }

    private let state = Mutex(State())

    /// The number of questions of each batch that was made.
    public var sizes: [Int] {
        state.withLock { state in state.batches.map { Self.lines(state.files, $0.file).count } }
    }
    /// The files that were uploaded.
    public var uploads: Int { state.withLock { $0.files.count } }
    /// Answers whatever has to do with batches so from now on.
    public func refuse(_ status: Int, _ body: String) { state.withLock { $0.refusal = (status, body) } }
    /// Lets no batch end, or lets them.
    public func hold(_ isHeld: Bool) { state.withLock { $0.isHeld = isHeld } }

    /// The status and the body of an answer; `nil` for what has nothing to do with batches.
    func answer(_ method: String, _ uri: String, _ body: [UInt8]) -> (Int, String)? {
        let parts = uri.split(separator: "?").first.map { $0.split(separator: "/").map(String.init) } ?? []
        guard parts.count >= 2, ["files", "batches"].contains(parts[1]) else { return nil }
        return state.withLock { state in
            if let refusal = state.refusal { return refusal }
            switch (method, parts[1], parts.count) {
            case ("POST", "files", 2):
                let text = String(decoding: body, as: UTF8.self)
                guard let start = text.range(of: "\r\n\r\n{"), let end = text.range(of: "\r\n--", options: .backwards)
                else { return (400, #"{"error":{"message":"no file"}}"#) }
                state.files.append(Array(text[text.index(before: start.upperBound)..<end.lowerBound].utf8))
                return (200, #"{"id":"file-\#(state.files.count - 1)","object":"file","purpose":"batch"}"#)
            case ("POST", "batches", 2):
                let fields = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: String]
                guard let file = fields?["input_file_id"] else { return (400, #"{"error":{"message":"no batch"}}"#) }
                state.batches.append(Batch(file: file))
                return (200, Self.object(state, state.batches.count - 1))
            case ("GET", "batches", 2):
                let list = state.batches.indices.map { Self.object(state, $0) }.joined(separator: ",")
                return (200, #"{"object":"list","data":[\#(list)],"has_more":false}"#)
            case ("GET", "batches", 3):
                guard let number = Int(parts[2].dropFirst(6)), state.batches.indices.contains(number) else { break }
                if !state.isHeld { state.batches[number].isOver = true }
                return (200, Self.object(state, number))
            case ("GET", "files", 4):
                guard let number = Int(parts[2].dropFirst(4)), state.batches.indices.contains(number) else { break }
                let answers = Self.lines(state.files, state.batches[number].file).reversed().compactMap(Self.answer)
                return (200, answers.joined(separator: "\n"))
            default: break
            }
            return (404, #"{"error":{"message":"not found"}}"#)
        }
    }

    private static func object(_ state: State, _ number: Int) -> String {
        let batch = state.batches[number]
        let output = batch.isOver ? #""out-\#(number)""# : "null"
        return #"{"id":"batch_\#(number)","object":"batch","status":"\#(batch.isOver ? "completed" : "in_progress")","#
            + #""input_file_id":"\#(batch.file)","output_file_id":\#(output),"error_file_id":null,"errors":null}"#
    }

    private static func lines(_ files: [[UInt8]], _ file: String) -> [[UInt8]] {
        guard let number = Int(file.dropFirst(5)), files.indices.contains(number) else { return [] }
        return files[number].split(separator: 0x0a).map(Array.init)
    }

    private struct Line: Decodable {
        let custom_id: String
        let body: ReceivedChat
    }

    private static func answer(_ line: [UInt8]) -> String? {
        guard let line = try? JSONDecoder().decode(Line.self, from: Data(line)),
            let answer = ChatAnswer(to: line.body, by: RuleJudging(), .given)
        else { return nil }
        return
            #"{"id":"r","custom_id":"\#(line.custom_id)","response":{"status_code":200,"body":\#(answer.body)},"error":null}"#
    }
}
