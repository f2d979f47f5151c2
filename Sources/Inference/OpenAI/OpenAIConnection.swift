import Foundation

/// An OpenAI-compatible endpoint and what its clients are run with; a client counts its own requests under way.
public struct OpenAIConnection: Sendable {
    let configuration: OpenAIConfiguration
    let transport: any HTTPTransport
    let clock: any Clock<Duration>
    let random: @Sendable () -> Double
    let now: @Sendable () -> Int64
    let observe: @Sendable (InferenceError?) -> Void
    let note: @Sendable (String) -> Void
    /// Gives the endpoint a rest while it fails; `nil` if each request is on its own.
    let gate: EndpointGate?
    let check: @Sendable () throws(InferenceError) -> Void

    /// Makes a connection.
    /// - Parameters:
    ///   - configuration: The endpoint and how it is asked.
    ///   - transport: Carries the requests.
    ///   - clock: Measures timeouts and waits.
    ///   - random: Numbers from 0 to 1, for the jitter of waits.
    ///   - now: The time in seconds since 1970, for a `Retry-After` that is a date.
    ///   - observe: Told of every request that ended, with its failure if it had one; for metrics.
    ///   - note: Told once of each thing that a refusal or an answer has taught of the endpoint.
    public init(
        configuration: OpenAIConfiguration, transport: any HTTPTransport,
        clock: any Clock<Duration> = ContinuousClock(),
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) },
        now: @escaping @Sendable () -> Int64 = { OpenAIConnection.wallTime() },
        observe: @escaping @Sendable (InferenceError?) -> Void = { _ in },
        note: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.transport = transport
        self.clock = clock
        self.random = random
        self.now = now
        self.observe = observe
        self.note = note
        gate = nil
        check = { () throws(InferenceError) in }
    }

    private init(
        _ connection: OpenAIConnection, gate: EndpointGate, check: @escaping @Sendable () throws(InferenceError) -> Void
    ) {
        configuration = connection.configuration
        transport = connection.transport
        clock = connection.clock
        random = connection.random
        now = connection.now
        observe = connection.observe
        note = connection.note
        self.gate = gate
        self.check = check
    }

    /// The same connection behind a gate that all clients of its server share.
    ///
    /// - Parameter check: Asked after each wait whether the request is still to be sent; throws if it is not.
    package func behind(
        _ gate: EndpointGate,
        check: @escaping @Sendable () throws(InferenceError) -> Void = { () throws(InferenceError) in }
    ) -> OpenAIConnection {
        OpenAIConnection(self, gate: gate, check: check)
    }

    /// The time in seconds since 1970.
    public static func wallTime() -> Int64 { Int64(Date().timeIntervalSince1970) }
}
