import Foundation
import Synchronization
import Testing

@testable import Inference

/// Models whose questions go into batches, before a server that behaves as OpenAI's does.
@Suite(.timeLimit(.minutes(5))) struct BatchDeskTests {
    private static func connection(
        _ transport: any HTTPTransport, note: @escaping @Sendable (String) -> Void = { _ in }
    ) -> OpenAIConnection {
        var configuration = OpenAIConfiguration(endpoint: "https://h/v1", model: "m")
        // Longer than what the clock lets pass at once.
        configuration.timeout = .seconds(200)
        return OpenAIConnection(
            configuration: configuration, transport: transport, clock: OpenAITestClock(), random: { 0.5 }, now: { 7 },
            note: note)
    }

    private static func judge(
        _ transport: any HTTPTransport, _ keeper: MemoryBatches, requests: Int,
        collecting: Duration = .seconds(3600), note: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> (judge: OpenAIModel, desk: BatchDesk) {
        let connection = connection(transport, note: note)
        var limits = BatchLimits()
        // Only passes where the test lets it: a batch is sent once it has so many questions.
        (limits.requests, limits.collecting, limits.lastPoll) = (requests, collecting, .seconds(60))
        let desk = try BatchDesk(connection, limits: limits, keeper: keeper)
        return (try OpenAIModel(connection, batches: desk), desk)
    }

    private static func prompt(_ number: Int) -> Prompt { Prompt(messages: [.user("q\(number)")]) }

    /// The answers to some questions that are asked side by side, or the kinds of their failures.
    private static func answers(
        _ judge: OpenAIModel, _ numbers: Range<Int>
    ) async -> [Result<Completion, InferenceError>] {
        await mapConcurrently(Array(numbers), limit: 1000) { number in
            do throws(InferenceError) {
                return .success(try await judge.complete(prompt(number), maximumTokens: 9))
            } catch {
                return .failure(error)
            }
        }
    }

    private static func texts(_ answers: [Result<Completion, InferenceError>]) -> [String?] {
        answers.map { try? $0.get().text }
    }

    private static func expected(_ numbers: Range<Int>) -> [String?] { numbers.map { "answer to q\($0)" } }

    @Test func allButTheFirstQuestionAreAnsweredByOneBatch() async throws {
        let (server, keeper) = (BatchServerTransport(), MemoryBatches())
        let (judge, _) = try Self.judge(server, keeper, requests: 9)
        let answers = await Self.answers(judge, 0..<10)
        #expect(Self.texts(answers) == Self.expected(0..<10))
        #expect(server.batches == 1 && server.chats == 1 && server.questions[0].count == 9)
        let charged = answers.compactMap { try? $0.get().billing }
        #expect(charged.count { $0 == .full } == 1 && charged.count { $0 == .batched } == 9)
        #expect(answers.allSatisfy { (try? $0.get().tokensIn) == 12 && (try? $0.get().tokensCached) == 8 })
        #expect(keeper.records.isEmpty && keeper.answers == 9)
    }

    @Test func aQuestionThatIsAskedAgainMeetsTheAnswerThatIsKeptAndCostsNothing() async throws {
        let (server, keeper) = (BatchServerTransport(), MemoryBatches())
        _ = await Self.answers(try Self.judge(server, keeper, requests: 3).judge, 0..<4)
        let asked = Set(server.questions[0])
        // A process later.
        let (judge, _) = try Self.judge(server, keeper, requests: 3)
        for number in 0..<4 where asked.contains("q\(number)") {
            let answer = try await judge.complete(Self.prompt(number), maximumTokens: 9)
            #expect(answer.text == "answer to q\(number)" && answer.billing == .already)
        }
        #expect(server.batches == 1 && server.chats == 1)
    }

    @Test(arguments: 0..<4) func aProcessThatDiesAfterSoManyWritesIsFollowedByOneThatPaysNothingTwice(
        writes: Int
    ) async throws {
        let (server, keeper) = (BatchServerTransport(), MemoryBatches())
        keeper.allow(writes)
        let dying = try Self.judge(server, keeper, requests: 5)
        let first = await Self.answers(dying.judge, 0..<6)
        dying.desk.close()
        keeper.allow(.max)
        #expect(first.count { (try? $0.get()) != nil } == (writes < 3 ? 1 : 6))
        let (judge, _) = try Self.judge(server, keeper, requests: 5)
        let answers = await Self.answers(judge, 0..<6)
        // Without a write the batch was not made yet; the one question that goes by itself is asked anew.
        #expect(Self.texts(answers) == Self.expected(0..<6))
        #expect(server.batches == 1 && server.chats <= 2)
        #expect(keeper.records.isEmpty)
    }

    @Test func whatAServerRefusesIsLearntBeforeABatchIsSent() async throws {
        var behaviour = BatchServerTransport.Behaviour()
        behaviour.chat = { fields in
            fields["max_tokens"] == nil ? nil : (400, "Use 'max_completion_tokens' instead of 'max_tokens'.")
        }
        behaviour.fate = { _, said in .answer("answer to \(said)") }
        let (server, keeper) = (BatchServerTransport(behaviour), MemoryBatches())
        let notes = Mutex<[String]>([])
        let (judge, _) = try Self.judge(
            server, keeper, requests: 7, note: { note in notes.withLock { $0.append(note) } })
        #expect(Self.texts(await Self.answers(judge, 0..<8)) == Self.expected(0..<8))
        #expect(server.chats == 2 && server.batches == 1 && notes.withLock { $0.count } == 1)
    }

    @Test func theFilesMayBeInAnyOrderWithLinesTwiceAndBroken() async throws {
        var behaviour = BatchServerTransport.Behaviour()
        behaviour.repeatsLines = true
        let server = BatchServerTransport(behaviour)
        let (judge, _) = try Self.judge(server, MemoryBatches(), requests: 6)
        #expect(Self.texts(await Self.answers(judge, 0..<7)) == Self.expected(0..<7))
        #expect(server.batches == 1)
    }

    /// Remembers in which batch a question was first.
    private final class FirstBatches: Sendable {
        private let first = Mutex<[String: Int]>([:])

        func isFirst(_ batch: Int, of said: String) -> Bool {
            first.withLock { first in
                first[said] = min(first[said] ?? batch, batch)
                return first[said] == batch
            }
        }
    }

    @Test func whatABatchHasNoAnswerToIsAskedAgainOrFailsWithTheServersWords() async throws {
        var behaviour = BatchServerTransport.Behaviour()
        behaviour.status = { _ in "expired" }
        let batches = FirstBatches()
        behaviour.fate = { batch, said in
            guard batches.isFirst(batch, of: said) else {
                return said == "q7" ? .missing : .answer("answer to \(said)")
            }
            return switch said {
            case "q1", "q2": .answer("answer to \(said)")
            case "q3": .error(400, "content rejected")
            case "q4": .error(429, "slow down")
            case "q5", "q7": .missing
            default: .expired
            }
        }
        let server = BatchServerTransport(behaviour)
        // What is asked again is sent a minute later, which passes at once.
        let (judge, _) = try Self.judge(server, MemoryBatches(), requests: 50, collecting: .seconds(60))
        _ = await Self.answers(judge, 0..<1)
        let answers = await Self.answers(judge, 1..<8)
        #expect(Self.texts(answers) == [1, 2, nil, 4, 5, 6, nil].map { $0.map { "answer to q\($0)" } })
        #expect(server.chats == 1 && server.questions.flatMap(\.self).count { $0 == "q7" } == 3)
        guard case .failure(let refused) = answers[2], case .failure(let unanswered) = answers[6] else { return }
        #expect(refused.kind == .refused && refused.message.contains("content rejected"))
        #expect(unanswered.isRetriable && unanswered.message.contains("3 batches ended without an answer"))
    }

    @Test func aServerThatIsBusyOrFailsAtAnyStepIsAskedAgainAndNothingIsMadeTwice() async throws {
        let steps = [
            "POST /files", "POST /batches", "GET /batches", "GET /batches/ID", "GET /files/ID/content",
        ]
        for step in steps {
            for status in [429, 500, 503] {
                var behaviour = BatchServerTransport.Behaviour()
                behaviour.first = { what, number in
                    what == step && number <= 2 ? HTTPResponse(status: status, body: []) : nil
                }
                // The answer to the making of the batch is lost, after it was made.
                behaviour.lost = { what, number in
                    what == "POST /batches" && number == 1 ? .unreachable(reason: "reset") : nil
                }
                let server = BatchServerTransport(behaviour)
                let (judge, _) = try Self.judge(server, MemoryBatches(), requests: 3)
                #expect(Self.texts(await Self.answers(judge, 0..<4)) == Self.expected(0..<4), "\(step) \(status)")
                #expect(server.batches == 1, "\(step) \(status)")
            }
        }
    }

    @Test func aServerWithoutRoomGetsTheQuestionsInSmallerBatches() async throws {
        var behaviour = BatchServerTransport.Behaviour()
        behaviour.status = { $0 == 0 ? "failed" : "completed" }
        behaviour.fault = ("token_limit_exceeded", "Enqueued token limit reached")
        let server = BatchServerTransport(behaviour)
        let notes = Mutex<[String]>([])
        let (judge, _) = try Self.judge(
            server, MemoryBatches(), requests: 4, note: { note in notes.withLock { $0.append(note) } })
        #expect(Self.texts(await Self.answers(judge, 0..<5)) == Self.expected(0..<5))
        #expect(server.questions.map(\.count) == [4, 2, 2])
        #expect(notes.withLock { $0.first?.contains("no room") } == true)
    }

    @Test func aServerWithoutBatchesSaysSo() async throws {
        var behaviour = BatchServerTransport.Behaviour()
        behaviour.first = { what, _ in
            what.contains("chat") ? nil : HTTPResponse(status: 404, body: Array(#"{"detail":"Not Found"}"#.utf8))
        }
        let server = BatchServerTransport(behaviour)
        let (judge, _) = try Self.judge(server, MemoryBatches(), requests: 2)
        let answers = await Self.answers(judge, 0..<3)
        let failures = answers.compactMap { if case .failure(let error) = $0 { error } else { nil } }
        #expect(failures.count == 2 && failures.allSatisfy { $0.kind == .refused && $0.message.contains("404") })
        let error = await #expect(throws: InferenceError.self) { try await BatchDesk.check(Self.connection(server)) }
        #expect(error?.message == "the endpoint answered 404: {\"detail\":\"Not Found\"}")
        try await BatchDesk.check(Self.connection(BatchServerTransport()))
    }

    @Test func aStopWaitsForNoBatchAndTheNextStartGetsItsAnswers() async throws {
        var behaviour = BatchServerTransport.Behaviour()
        behaviour.looks = 40
        let (server, keeper) = (BatchServerTransport(behaviour), MemoryBatches())
        let running = try Self.judge(server, keeper, requests: 3)
        async let asked = Self.answers(running.judge, 0..<4)
        while server.asked("GET /batches/ID") < 2 { await Task.yield() }
        running.desk.close()
        let failures = await asked.compactMap { if case .failure(let error) = $0 { error.kind } else { nil } }
        #expect(failures == [.cancelled, .cancelled, .cancelled])
        #expect(keeper.records.first?.batch == "batch_0")
        let (judge, _) = try Self.judge(server, keeper, requests: 3)
        #expect(Self.texts(await Self.answers(judge, 0..<4)) == Self.expected(0..<4))
        #expect(server.batches == 1)
    }

    @Test func aQuestionThatNobodyWaitsForAnyMoreIsNotSent() async throws {
        let server = BatchServerTransport()
        let (judge, _) = try Self.judge(server, MemoryBatches(), requests: 2)
        _ = await Self.answers(judge, 0..<1)
        let left = Task { await Self.answers(judge, 1..<2) }
        await Task.yield()
        left.cancel()
        #expect(await left.value.allSatisfy { (try? $0.get()) == nil })
        #expect(Self.texts(await Self.answers(judge, 2..<4)) == Self.expected(2..<4))
        #expect(server.questions.map { Set($0) } == [["q2", "q3"]])
    }
}
