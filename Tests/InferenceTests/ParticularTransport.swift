import Foundation
import Synchronization

@testable import Inference

/// A server that looks at the fields of each request.
final class ParticularTransport: HTTPTransport {
    private let bodies = Mutex<[[UInt8]]>([])
    private let answer: @Sendable ([String: Any]) -> HTTPResponse

    init(_ answer: @escaping @Sendable ([String: Any]) -> HTTPResponse) { self.answer = answer }

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        bodies.withLock { $0.append(request.body) }
        await Task.yield()
        return answer(Self.fields(of: request.body))
    }

    /// The fields of each request.
    var requests: [[String: Any]] { bodies.withLock(\.self).map(Self.fields) }

    private static func fields(of body: [UInt8]) -> [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]) ?? [:]
    }
}

extension HTTPResponse {
    /// A chat answer.
    static func chat(_ text: String, finish: String = "stop", reasoning: String? = nil) -> HTTPResponse {
        var message: [String: Any] = ["role": "assistant", "content": text]
        message["reasoning_content"] = reasoning
        let body: [String: Any] = [
            "choices": [["index": 0, "message": message, "finish_reason": finish] as [String: Any]],
            "usage": ["prompt_tokens": 10, "completion_tokens": 4],
        ]
        return HTTPResponse(status: 200, body: json(body))
    }

    /// A refusal as OpenAI has it.
    static func refusal(_ message: String, param: String? = nil, status: Int = 400) -> HTTPResponse {
        var error: [String: Any] = ["message": message, "type": "invalid_request_error"]
        error["param"] = param
        return HTTPResponse(status: status, body: json(["error": error]))
    }

    /// The likeliest tokens at the first place of an answer.
    static func likeliest(_ tokens: [(String, Double)]) -> HTTPResponse {
        let top = tokens.map { ["token": $0.0, "logprob": $0.1] as [String: Any] }
        let choice: [String: Any] = [
            "message": ["content": tokens.first?.0 ?? ""], "finish_reason": "length",
            "logprobs": ["content": [["top_logprobs": top]]],
        ]
        return HTTPResponse(status: 200, body: json(["choices": [choice]]))
    }

    private static func json(_ value: [String: Any]) -> [UInt8] {
        Array((try? JSONSerialization.data(withJSONObject: value)) ?? Data())
    }
}
