import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks daemons over HTTP, and tells soon of an address at which none answers.
enum DaemonClient {
    /// What a daemon has answered.
    struct Answer: Sendable {
        let status: HTTPResponseStatus
        let body: [UInt8]
        /// Where the answer sends on to, if it does.
        let location: String?

        /// Why the answer is none that was asked for: the daemon's own words, or where it sends on to.
        var refusal: String {
            if (300..<400).contains(status.code), let location { return "sends on to \(location): give that address" }
            return ServedFailure.message(of: body) ?? status.reasonPhrase
        }
    }

    /// An address at which no daemon answers.
    struct Unanswered: Error, CustomStringConvertible {
        /// What was found at the address and what to do.
        let description: String
    }

    /// The seconds within which an address must show that somebody is there.
    static let patience = 5.0

    /// The connections of the process, which lasts as long as they are needed.
    static let client = makeClient(longestQuiet: nil)

    /// The same for streams, in which a daemon writes a comment at least each 15 seconds.
    static let follower = makeClient(longestQuiet: .seconds(60))

    /// - Parameter longestQuiet: How long nothing may come of an answer; `nil` for as long as the request takes.
    private static func makeClient(longestQuiet: TimeAmount?) -> HTTPClient {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(Int64(patience))
        configuration.timeout.read = longestQuiet
        // The client would try again by itself until the request's time is up, and say nothing.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Sends a request to a daemon and reads the answer to its end.
    ///
    /// An answer may take `seconds` in all, since some are long in the making; but who does not answer `/livez` meanwhile, which
    /// a daemon always does at once, is not waited for.
    /// - Parameters:
    ///   - address: The daemon's address, without a slash at its end.
    ///   - largest: The most bytes of an answer.
    /// - Throws: `OneStageError` that says why there is no answer; `CancellationError`.
    static func send(
        _ request: HTTPClientRequest, to address: String, within seconds: Int64, upTo largest: Int
    ) async throws -> Answer {
        do {
            return try await withThrowingTaskGroup(of: Answer?.self) { group in
                defer { group.cancelAll() }
                group.addTask {
                    let response = try await client.execute(request, timeout: .seconds(seconds))
                    let body = try await response.body.collect(upTo: largest)
                    return Answer(
                        status: response.status, body: Array(body.readableBytesView),
                        location: response.headers.first(name: "Location"))
                }
                group.addTask {
                    try await askForLife(of: address)
                    return nil
                }
                while let answer = try await group.next() {
                    if let answer { return answer }
                }
                throw CancellationError()
            }
        } catch {
            try Task.checkCancellation()
            throw OneStageError("\(address) \(reason(error))", .temporary)
        }
    }

    /// The request that follows a daemon's events.
    ///
    /// - Parameters:
    ///   - address: The daemon's address, without a slash at its end.
    ///   - query: The parts of the query.
    ///   - id: The id of the last event that was seen; `nil` before the first.
    static func events(of address: String, _ query: [String], token: String?, after id: String?) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: "\(address)/v1/events?\(query.joined(separator: "&"))")
        request.headers.add(name: "Accept", value: "text/event-stream")
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let id { request.headers.add(name: "Last-Event-ID", value: id) }
        return request
    }

    /// Why a daemon does not let itself be followed, by its answer.
    static func refusal(_ status: HTTPResponseStatus, _ body: some Sequence<UInt8>) -> String {
        "answers \(status.code): \(ServedFailure.message(of: body) ?? status.reasonPhrase)"
    }

    /// Asks a daemon that is slow whether it lives.
    private static func askForLife(of address: String) async throws {
        try await Task.sleep(for: .seconds(patience / 2))
        _ = try await client.execute(
            HTTPClientRequest(url: address + "/livez"), timeout: .milliseconds(Int64(patience * 500)))
    }

    /// Why an address gave no answer, and what to do about it.
    static func reason(_ error: any Error) -> String {
        switch error {
        case let error as Unanswered: return error.description
        case let error as NIOConnectionError:
            if let refused = error.connectionErrors.lazy.map(\.error).first(where: isRefusal) { return reason(refused) }
            if error.connectionErrors.isEmpty {
                return "cannot be reached: \(error.host) is no name that can be found; check the address"
            }
            return error.connectionErrors.first.map { reason($0.error) } ?? "\(error)"
        case let error where isRefusal(error):
            return
                "cannot be reached: nobody listens there; start the daemon (`gloss run`, or `gloss serve` for a state "
                + "directory), or give the address that `http` of its topology names"
        case let error as IOError: return "cannot be reached: \(String(cString: strerror(error.errnoCode)))"
        case let error as NIOTooManyBytesError:
            let limit = error.maxBytes.map { "\($0) bytes" } ?? "bytes"
            return
                "answers with more than the \(limit) that are read of an answer: ask for less, such as fewer examples"
        case ChannelError.connectTimeout: return silence
        case let error as HTTPClientError where timeouts.contains(error): return silence
        case let error as HTTPClientError where error == .remoteConnectionClosed:
            return "closed the connection without an answer: the daemon has ended, or something else listens there"
        case let error as HTTPClientError: return "cannot be reached: \(error.shortDescription)"
        default: return "cannot be reached: \(error)"
        }
    }

    private static let silence =
        "does not answer: check the address, whether a firewall is in the way, and whether the daemon was suspended"
    private static let timeouts: [HTTPClientError] = [
        .connectTimeout, .deadlineExceeded, .readTimeout, .getConnectionFromPoolTimeout,
    ]

    private static func isRefusal(_ error: any Error) -> Bool { (error as? IOError)?.errnoCode == ECONNREFUSED }
}
