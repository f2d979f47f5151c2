import Foundation

/// How one address of an OpenAI-compatible endpoint is asked: permits, timeouts, retries, and what its failures mean.
struct OpenAIExchange: Sendable {
    /// The address that requests are sent to.
    private(set) var url: String
    let excerpt: Excerpt
    private let address: String
    private let connection: OpenAIConnection
    private var configuration: OpenAIConfiguration { connection.configuration }
    private let permits: Permits
    /// Whether the endpoint has been away for longer than its gate waits.
    var hasGivenUp: Bool { connection.gate?.hasGivenUp ?? false }
    /// Model and endpoint, as errors name them.
    let place: String

    /// Makes an exchange; `path` is what follows the endpoint's version.
    ///
    /// Throws kind `unsupported` if the connection's endpoint is no usable address.
    init(_ connection: OpenAIConnection, path: String) throws(InferenceError) {
        let configuration = connection.configuration
        address = try configuration.address()
        url = address + path
        self.connection = connection
        permits = Permits(configuration.concurrency)
        excerpt = Excerpt(key: configuration.key)
        place = "\(configuration.model) at \(address)"
    }

    /// The same endpoint asked at another path, the requests under way counted together.
    func asked(at path: String) -> OpenAIExchange {
        var exchange = self
        exchange.url = address + path
        return exchange
    }

    /// Work whose failures are told of the model and the endpoint.
    func named<Output>(
        _ work: () async throws(InferenceError) -> Output
    ) async throws(InferenceError) -> Output {
        do {
            return try await work()
        } catch {
            throw error.told(of: place)
        }
    }

    /// Sends a request until it is answered, refused, or failed too often.
    func answer<Answer: Sendable>(
        to body: [UInt8], read: @Sendable ([UInt8], Excerpt) throws(InferenceError) -> Answer
    ) async throws(InferenceError) -> Answer {
        var headers = ["content-type": "application/json", "accept": "application/json", "user-agent": "gloss"]
        if let key = configuration.key { headers["authorization"] = "Bearer \(key.text)" }
        let request = HTTPRequest(
            method: "POST", url: url, headers: headers, body: body,
            maximumResponseBytes: configuration.maximumResponseBytes)
        var attempts = RequestAttempts(configuration.retry)
        while true {
            do {
                let response = try await permits.withPermit { () async throws(InferenceError) in
                    try await connection.admitted { () async throws(InferenceError) in
                        try await self.exchange(request, read: read)
                    }
                }
                connection.observe(nil)
                return response
            } catch {
                connection.observe(error)
                let (answered, random) = (connection.gate?.answered, connection.random())
                guard let delay = attempts.delay(after: error, answered: answered, random: random) else { throw error }
                try await connection.pause(for: delay)
            }
        }
    }

    /// Sends a request once and reads the answer.
    private func exchange<Answer: Sendable>(
        _ request: HTTPRequest, read: @Sendable ([UInt8], Excerpt) throws(InferenceError) -> Answer
    ) async throws(InferenceError) -> Answer {
        let response = try await respond(to: request)
        if let failure = EndpointFailure.error(response, excerpt: excerpt, now: connection.now()) { throw failure }
        if let failure = GarbledBody.error(response, excerpt: excerpt) { throw failure }
        return try read(response.body, excerpt)
    }

    private enum Outcome: Sendable {
        case response(HTTPResponse)
        case failure(HTTPTransportError)
        case timedOut
    }

    private func respond(to request: HTTPRequest) async throws(InferenceError) -> HTTPResponse {
        let outcome = await withTaskGroup(of: Outcome.self) {
            [transport = connection.transport, clock = connection.clock, timeout = configuration.timeout] group in
            group.addTask {
                do throws(HTTPTransportError) {
                    return .response(try await transport.send(request))
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                do {
                    try await clock.sleep(for: timeout)
                    return .timedOut
                } catch {
                    return .failure(.cancelled)
                }
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? .failure(.cancelled)
        }
        switch outcome {
        case .response(let response):
            guard response.body.count <= request.maximumResponseBytes else { throw tooLarge }
            return response
        case .timedOut:
            throw InferenceError(.timedOut, "no answer within \(configuration.timeout)")
        case .failure(.unreachable(let reason)):
            throw InferenceError(.unreachable, "the endpoint cannot be reached: \(excerpt.text(reason))")
        case .failure(.tooLarge): throw tooLarge
        case .failure(.cancelled): throw InferenceError(.cancelled, "the work was called off")
        }
    }

    private var tooLarge: InferenceError {
        InferenceError(.garbled, "the endpoint's answer is over \(configuration.maximumResponseBytes) bytes")
    }
}
