import Foundation

/// How one address of an OpenAI-compatible endpoint is asked: permits, timeouts, retries, and what its failures mean.
struct OpenAIExchange: Sendable {
    /// The address that requests are sent to.
    private(set) var url: String
    let excerpt: Excerpt
    let address: String
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

    /// Sends a question until it is answered, refused, or failed too often.
    func answer<Answer: Sendable>(
        to body: [UInt8], read: @Sendable ([UInt8], Excerpt) throws(InferenceError) -> Answer
    ) async throws(InferenceError) -> Answer {
        try await answer(to: HTTPCall(url: url, body: body), read: read)
    }

    /// Sends a request until it is answered, refused, or failed too often.
    func answer<Answer: Sendable>(
        to call: HTTPCall, read: @Sendable ([UInt8], Excerpt) throws(InferenceError) -> Answer
    ) async throws(InferenceError) -> Answer {
        var headers = ["accept": "application/json", "user-agent": "gloss"]
        if let type = call.contentType { headers["content-type"] = type }
        if let key = configuration.key { headers["authorization"] = "Bearer \(key.text)" }
        let request = HTTPRequest(
            method: call.method, url: call.url, headers: headers, body: call.body,
            maximumResponseBytes: call.maximumResponseBytes ?? configuration.maximumResponseBytes)
        var policy = configuration.retry
        if !call.isRepeatable { policy.maximumAttempts = 1 }
        var attempts = RequestAttempts(policy)
        while true {
            do {
                let response = try await permits.withPermit { () async throws(InferenceError) in
                    try await connection.admitted { () async throws(InferenceError) in
                        try await self.exchange(request, call, read: read)
                    }
                }
                connection.observe(nil)
                return response
            } catch {
                connection.observe(error)
                guard call.isRepeatable || error.kind == .rateLimited else { throw error }
                let (answered, random) = (connection.gate?.answered, connection.random())
                guard let delay = attempts.delay(after: error, answered: answered, random: random) else { throw error }
                try await connection.pause(for: delay)
            }
        }
    }

    /// Sends a request once and reads the answer.
    private func exchange<Answer: Sendable>(
        _ request: HTTPRequest, _ call: HTTPCall, read: @Sendable ([UInt8], Excerpt) throws(InferenceError) -> Answer
    ) async throws(InferenceError) -> Answer {
        let response = try await respond(to: request, within: max(configuration.timeout, call.minimumTimeout))
        if call.givesJSON || !(200..<300).contains(response.status) {
            if let failure = EndpointFailure.error(response, excerpt: excerpt, now: connection.now()) { throw failure }
            if let failure = GarbledBody.error(response, excerpt: excerpt) { throw failure }
        }
        return try read(response.body, excerpt)
    }

    private enum Outcome: Sendable {
        case response(HTTPResponse)
        case failure(HTTPTransportError)
        case timedOut
    }

    private func respond(
        to request: HTTPRequest, within timeout: Duration
    ) async throws(InferenceError) -> HTTPResponse {
        let outcome = await withTaskGroup(of: Outcome.self) {
            [transport = connection.transport, clock = connection.clock] group in
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
            guard response.body.count <= request.maximumResponseBytes else {
                throw tooLarge(request.maximumResponseBytes)
            }
            return response
        case .timedOut:
            throw InferenceError(.timedOut, "no answer within \(timeout)")
        case .failure(.unreachable(let reason)):
            throw InferenceError(.unreachable, "the endpoint cannot be reached: \(excerpt.text(reason))")
        case .failure(.tooLarge): throw tooLarge(request.maximumResponseBytes)
        case .failure(.cancelled): throw InferenceError(.cancelled, "the work was called off")
        }
    }

    private func tooLarge(_ limit: Int) -> InferenceError {
        InferenceError(.garbled, "the endpoint's answer is over \(limit) bytes")
    }
}
