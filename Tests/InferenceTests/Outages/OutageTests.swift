import Synchronization
import Testing

@testable import Inference

/// Endpoints that are away for a while, asked through a gate.
@Suite(.timeLimit(.minutes(5))) struct OutageTests {
    /// A server that is away until a moment, by the clock of the test.
    private struct AwayTransport: HTTPTransport {
        let clock: OpenAITestClock
        let until: Duration
        let away: OpenAIScriptedTransport
        let back = OpenAIScriptedTransport(.chat("[1]"))

        func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
            try await clock.now.offset < until ? away.send(request) : back.send(request)
        }
    }

    private static func judge(
        _ transport: any HTTPTransport, clock: any Clock<Duration>, gate: EndpointGate, attempts: Int = 6,
        check: @escaping @Sendable () throws(InferenceError) -> Void = { () throws(InferenceError) in }
    ) throws -> OpenAIModel {
        var configuration = OpenAIConfiguration(endpoint: "https://h/v1", model: "m")
        configuration.concurrency = 2
        configuration.retry.maximumAttempts = attempts
        return try OpenAIModel(
            OpenAIConnection(
                configuration: configuration, transport: transport, clock: clock, random: { 0.5 }, now: { 0 }
            ).behind(gate, check: check))
    }

    private static let prompt = Prompt(messages: [.user("Example 1: a")])

    @Test(arguments: [
        OpenAIScriptedTransport.Step.failure(.unreachable(reason: "Connection refused")),
        .answer(503, [:], "loading"), .answer(429, ["retry-after": "7"], "slowly"), .answer(429, [:], ""),
    ])
    func anOutageOfTwoMinutesFailsNoneOfManyRequests(step: OpenAIScriptedTransport.Step) async throws {
        let clock = OpenAITestClock()
        let changes = Mutex<[EndpointGate.Change]>([])
        let gate = EndpointGate(clock: clock, random: { 0.5 }) { change in changes.withLock { $0.append(change) } }
        let transport = AwayTransport(clock: clock, until: .seconds(120), away: OpenAIScriptedTransport(step))
        // Not even if nothing is to be tried again.
        let judges = try [1, 6].map { try Self.judge(transport, clock: clock, gate: gate, attempts: $0) }
        let answers = await withTaskGroup(of: String?.self) { group in
            for number in 0..<40 {
                group.addTask { try? await judges[number % 2].complete(Self.prompt, maximumTokens: 5).text }
            }
            return await group.reduce(into: [String?]()) { $0.append($1) }
        }
        #expect(answers == [String?](repeating: "[1]", count: 40))
        #expect(transport.back.requests.count == 40)
        // Who is away is asked now and then by one, not by all.
        #expect(transport.away.requests.count < 30)
        #expect(changes.withLock { $0.count { $0 == .back } } <= 1 && changes.withLock { $0.last ?? .back } == .back)
    }

    @Test func answersOfAnotherKindOpenNothingAndReachTheCaller() async throws {
        let clock = OpenAITestClock()
        let gate = EndpointGate(clock: clock, random: { 0.5 })
        let transport = OpenAIScriptedTransport(.answer(400, [:], "no such model"))
        let judge = try Self.judge(transport, clock: clock, gate: gate)
        for _ in 0..<5 { #expect(await judge.failure(of: Self.prompt)?.kind == .refused) }
        #expect(transport.requests.count == 5 && gate.answered == 5 && clock.waits.isEmpty)
    }

    @Test func aRequestThatTheServerCannotAnswerIsGivenUpWhateverTheGateSays() async throws {
        let clock = OpenAITestClock()
        let gate = EndpointGate(clock: clock, random: { 0.5 })
        let transport = OpenAIScriptedTransport(.answer(500, [:], "out of memory"))
        let judge = try Self.judge(transport, clock: clock, gate: gate)
        #expect(await judge.failure(of: Self.prompt)?.kind == .serverFailure)
        #expect(transport.requests.count == 6)
    }

    @Test func aClosedGateCallsOffWhoWaitsAndTellsTheLastFailure() async throws {
        let clock = StillClock()
        let gate = EndpointGate(clock: clock, random: { 1 })
        let transport = OpenAIScriptedTransport(.failure(.unreachable(reason: "Connection refused")))
        let judge = try Self.judge(transport, clock: clock, gate: gate)
        async let failure = judge.failure(of: Self.prompt)
        // The first sleeper is its timeout, the second its rest.
        await clock.sleepers(2)
        gate.close()
        let error = await failure
        #expect(error?.kind == .cancelled && error?.message.contains("the run is stopping") == true)
        #expect(error?.message.contains("Connection refused") == true)
        #expect(await judge.failure(of: Self.prompt)?.kind == .cancelled)
        #expect(transport.requests.count == 1)
    }

    @Test func afterPatienceRequestsAreCalledOffUntilSomebodyAnswers() async throws {
        let clock = OpenAITestClock()
        let gate = EndpointGate(patience: .seconds(600), clock: clock, random: { 0.5 })
        let transport = AwayTransport(
            clock: clock, until: .seconds(5000),
            away: OpenAIScriptedTransport(.failure(.unreachable(reason: "Connection refused"))))
        let judge = try Self.judge(transport, clock: clock, gate: gate)
        #expect(!gate.hasGivenUp)
        let error = await judge.failure(of: Self.prompt)
        #expect(error?.kind == .cancelled && error?.message.contains("away for too long") == true)
        #expect(gate.hasGivenUp && clock.now.offset >= .seconds(600) && clock.now.offset < .seconds(700))
    }

    @Test func aBudgetThatIsSpentMeanwhileIsSeenBeforeTheRequestGoes() async throws {
        let clock = OpenAITestClock()
        let gate = EndpointGate(clock: clock, random: { 0.5 })
        let transport = AwayTransport(
            clock: clock, until: .seconds(20),
            away: OpenAIScriptedTransport(.failure(.unreachable(reason: "Connection refused"))))
        let judge = try Self.judge(
            transport, clock: clock, gate: gate,
            check: { () throws(InferenceError) in
                if clock.now.offset > .seconds(5) { throw InferenceError(.budgetSpent, "spent") }
            })
        #expect(await judge.failure(of: Self.prompt)?.kind == .budgetSpent)
        #expect(transport.back.requests.isEmpty)
        // The place of the probe is free for others.
        let other = try Self.judge(transport, clock: clock, gate: gate)
        #expect(try await other.complete(Self.prompt, maximumTokens: 5).text == "[1]")
    }

    @Test func aRequestThatIsCancelledWhileItWaitsLeavesAndProbesGoOn() async throws {
        let clock = StillClock()
        let gate = EndpointGate(clock: clock, random: { 1 })
        let transport = OpenAIScriptedTransport(
            .failure(.unreachable(reason: "Connection refused")), .chat("[1]"))
        let judge = try Self.judge(transport, clock: clock, gate: gate)
        let first = Task { await judge.failure(of: Self.prompt) }
        await clock.sleepers(2)
        first.cancel()
        #expect(await first.value?.kind == .cancelled)
        clock.advance(by: .seconds(1))
        #expect(await judge.failure(of: Self.prompt) == nil)
    }
}
