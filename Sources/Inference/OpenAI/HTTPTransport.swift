/// A request to a server.
public struct HTTPRequest: Sendable, Hashable {
    /// The method, such as `POST`.
    public let method: String
    /// The whole address.
    public let url: String
    /// The header fields by name.
    public let headers: [String: String]
    /// The body.
    public let body: [UInt8]
    /// The most bytes of the answer's body that are wanted.
    public let maximumResponseBytes: Int

    /// Makes a request.
    public init(method: String, url: String, headers: [String: String], body: [UInt8], maximumResponseBytes: Int) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.maximumResponseBytes = maximumResponseBytes
    }
}

/// A server's answer, read to its end.
public struct HTTPResponse: Sendable, Hashable {
    /// The status code.
    public let status: Int
    /// The header fields by name in lower case; of several with one name the first.
    public let headers: [String: String]
    /// The body.
    public let body: [UInt8]

    /// Makes a response; `headers` may be in any case.
    public init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = Dictionary(headers.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
        self.body = body
    }
}

/// Why no answer came back.
public enum HTTPTransportError: Error, Sendable, Hashable {
    /// The server could not be reached, or the connection broke; the reason names no header and no body.
    case unreachable(reason: String)
    /// The answer's body is longer than wanted.
    case tooLarge
    /// The work was called off.
    case cancelled
}

/// Carries requests to servers.
///
/// `send` returns promptly with `cancelled` when its task is cancelled, and follows no redirect.
public protocol HTTPTransport: Sendable {
    /// Sends a request and reads the answer to its end.
    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse
}
