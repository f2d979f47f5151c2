import HTTPTypes
import Hummingbird
import JSONText
import NIOCore

/// The forms of answers.
enum Answer {
    private struct Failure: Encodable {
        struct Fault: Encodable {
            let code: String
            let message: String
        }

        let error: Fault
    }

    /// A text of JSON.
    static func json(_ text: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentType] = "application/json; charset=utf-8"
        headers[.cacheControl] = "no-store"
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text + "\n")))
    }

    /// A value as JSON, its members sorted.
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        json(try text(value), status: status)
    }

    /// Plain text.
    static func plain(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
        Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// The fault of a request, as `{"error": {"code": …, "message": …}}`.
    static func failure(
        _ status: HTTPResponse.Status, code: String, _ message: String, headers: HTTPFields = [:]
    ) -> Response {
        json(failureText(code: code, message), status: status, headers: headers)
    }

    /// The fault of a request as JSON text.
    static func failureText(code: String, _ message: String) -> String {
        (try? text(Failure(error: .init(code: code, message: message)))) ?? "{}"
    }

    /// A value as JSON text, its members sorted.
    static func text(_ value: some Encodable) throws -> String {
        try SortedJSON.text(of: value)
    }
}

extension Answer {
    /// The answer while weights and stored evidence are being read.
    static var starting: Response {
        failure(
            .serviceUnavailable, code: "starting", "the daemon is starting: ask again in a moment",
            headers: [.retryAfter: "1"])
    }

    /// A query that cannot be understood.
    static func badQuery(_ message: String) -> Response { failure(.badRequest, code: "bad_query", message) }
}
