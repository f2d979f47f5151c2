import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Carries requests by AsyncHTTPClient.
public struct AsyncHTTPClientTransport: HTTPTransport {
    private let client: HTTPClient

    /// Makes a transport with connections of its own; `close` must be called when it is no longer needed.
    /// - Parameter concurrency: The most requests under way at a time; as many connections are kept to a host.
    public init(concurrency: Int) {
        var configuration = HTTPClient.Configuration()
        // A redirect would carry the key and the corpus to a host that nobody named.
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(10)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(concurrency, 1)
        // Who retries, and when, is the caller's decision.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Closes all connections.
    public func close() async throws(HTTPTransportError) {
        do {
            try await client.shutdown()
        } catch {
            throw .unreachable(reason: AsyncHTTPClientTransport.reason(error))
        }
    }

    /// Sends a request and reads the answer to its end, or to `maximumResponseBytes`.
    public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        var message = HTTPClientRequest(url: request.url)
        message.method = HTTPMethod(rawValue: request.method)
        for (name, value) in request.headers.sorted(by: { $0.key < $1.key }) {
            message.headers.add(name: name, value: value)
        }
        message.body = .bytes(request.body)
        do {
            // The caller measures the time and cancels the task.
            let response = try await client.execute(message, deadline: .distantFuture)
            let body = try await response.body.collect(upTo: max(request.maximumResponseBytes, 0))
            let headers = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
            return HTTPResponse(
                status: Int(response.status.code), headers: headers, body: Array(body.readableBytesView))
        } catch is NIOTooManyBytesError {
            throw .tooLarge
        } catch {
            if error is CancellationError || Task.isCancelled { throw .cancelled }
            throw .unreachable(reason: AsyncHTTPClientTransport.reason(error))
        }
    }

    /// The error in words that hold nothing of the request.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError: error.shortDescription
        case let error as NIOConnectionError: "no connection to port \(error.port) of \(error.host)"
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case _ where "\(type(of: error))".contains("SSL"):
            "the TLS handshake failed; check http or https, and the server's certificate"
        default: "\(type(of: error))"
        }
    }
}
