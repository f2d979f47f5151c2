@testable import Inference

extension OpenAIConnection {
    /// A connection whose waits pass at once, whose jitter is half and whose day is 1994-11-06.
    static func fixed(
        _ configuration: OpenAIConfiguration, _ transport: any HTTPTransport,
        clock: OpenAITestClock = OpenAITestClock(), observe: @escaping @Sendable (InferenceError?) -> Void = { _ in }
    ) -> OpenAIConnection {
        OpenAIConnection(
            configuration: configuration, transport: transport, clock: clock, random: { 0.5 }, now: { 784_111_777 },
            observe: observe)
    }
}
