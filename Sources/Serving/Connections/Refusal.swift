import NIOCore

/// The answer to what is no whole request, as it goes over the wire.
struct Refusal {
    private let status: String
    private let code: String
    private let message: String

    /// The header is larger than any that is needed here.
    static let tooLarge = Refusal(
        status: "431 Request Header Fields Too Large", code: "header_too_large",
        message: "target and header may have \(ConnectionLimits.headerBytes) bytes and "
            + "\(ConnectionLimits.headerFields) fields")
    /// What came is not HTTP.
    static let notHTTP = Refusal(
        status: "400 Bad Request", code: "bad_request", message: "this cannot be read as an HTTP request")

    /// The request was not whole in time.
    static func tooSlow(_ limits: ConnectionLimits) -> Refusal {
        Refusal(
            status: "408 Request Timeout", code: "request_timeout",
            message: "the request was not whole after \(limits.request.nanoseconds / 1_000_000) ms")
    }

    /// Head and body.
    var text: String {
        let body = Answer.failureText(code: code, message) + "\n"
        return "HTTP/1.1 \(status)\r\ncontent-type: application/json; charset=utf-8\r\n"
            + "content-length: \(body.utf8.count)\r\nconnection: close\r\n\r\n\(body)"
    }
}
