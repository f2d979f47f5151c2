import Hashing
import Testing

@testable import Inference

/// A batch from its upload to its answers, stopped between each two steps.
@Suite struct SentBatchTests {
    private static let questions = (0..<3 as Range<UInt64>).map { QuestionID(Hash128(high: 1, low: $0)) }
    private static let excerpt = Excerpt(key: nil)

    private static func status(_ status: String, id: String = "b0", file: String = "f0") -> BatchStatus {
        BatchStatus(id: id, status: status, inputFile: file, outputFile: "o", errorFile: nil, errors: nil)
    }

    /// A server and a store without anything around them.
    private struct World {
        var uploads = 0
        var batches: [BatchStatus] = []
        var record: BatchRecord?
        var answers: [QuestionID: [UInt8]] = [:]
        var looks = 0

        /// Carries an action out.
        mutating func carryOut(_ action: SentBatch.Action) -> SentBatch.Event? {
            switch action {
            case .upload:
                uploads += 1
                return .uploaded(file: "f\(uploads - 1)", at: 7)
            case .save(let record): self.record = record
            case .list(let file): return .listed(batches.first { $0.inputFile == file })
            case .create(let file):
                batches.append(SentBatchTests.status("validating", id: "b\(batches.count)", file: file))
                return .created(batches[batches.count - 1])
            case .look(let id):
                looks += 1
                return .looked(SentBatchTests.status(looks < 3 ? "in_progress" : "completed", id: id))
            case .read(let status):
                return .read(status, Dictionary(uniqueKeysWithValues: questions.map { ($0, .answer([1])) }))
            case .keep(let answers, _):
                self.answers.merge(answers) { $1 }
                record = nil
                return .kept
            case .wait, .settle: break
            }
            return nil
        }
    }

    /// Runs a batch until it is settled or so many actions were carried out; `nil` for the latter.
    private static func run(_ world: inout World, actions: Int) -> [QuestionID: SentBatch.Settlement]? {
        var batch =
            world.record.map { SentBatch($0, limits: BatchLimits(), excerpt: excerpt) }
            ?? SentBatch(questions, place: "m", limits: BatchLimits(), excerpt: excerpt)
        var event: SentBatch.Event? = .begun
        var left = actions
        while let given = event {
            event = nil
            for action in batch.receive(given) {
                if case .settle(let settled) = action { return settled }
                guard left > 0 else { return nil }
                left -= 1
                event = world.carryOut(action)
            }
        }
        return nil
    }

    @Test func aKillBetweenAnyTwoStepsNeitherPaysTwiceNorLosesAnAnswer() {
        var whole = World()
        #expect(Self.run(&whole, actions: .max)?.values.allSatisfy { $0 == .kept } == true)
        for cut in 0..<14 {
            for second in 0..<14 {
                var world = World()
                var settled = Self.run(&world, actions: cut) ?? Self.run(&world, actions: second)
                if settled == nil, world.answers.isEmpty { settled = Self.run(&world, actions: .max) }
                #expect(world.batches.count == 1, "cuts \(cut), \(second)")
                #expect(world.answers.count == 3 && world.record == nil, "cuts \(cut), \(second)")
            }
        }
    }

    @Test func whetherABatchWasMadeIsLookedUpBeforeItIsMadeAgain() {
        let lost: [InferenceError] = [
            InferenceError(.timedOut, ""), InferenceError(.unreachable, ""), InferenceError(.garbled, ""),
            InferenceError(.serverFailure, ""), InferenceError(.unavailable, ""),
        ]
        for error in lost {
            var batch = SentBatch(Self.questions, place: "m", limits: BatchLimits(), excerpt: Self.excerpt)
            #expect(batch.receive(.begun) == [.upload])
            _ = batch.receive(.uploaded(file: "f0", at: 7))
            #expect(batch.receive(.failed(error)).last == .list(file: "f0"))
            // Nor if the list cannot be had at once.
            #expect(batch.receive(.failed(error)).last == .list(file: "f0"))
            #expect(batch.receive(.listed(Self.status("in_progress"))).last == .look(batch: "b0"))
            #expect(batch.record?.batch == "b0")
        }
        var batch = SentBatch(Self.questions, place: "m", limits: BatchLimits(), excerpt: Self.excerpt)
        _ = batch.receive(.begun)
        _ = batch.receive(.uploaded(file: "f0", at: 7))
        _ = batch.receive(.failed(InferenceError(.timedOut, "")))
        #expect(batch.receive(.listed(nil)) == [.create(file: "f0")])
    }

    @Test func aBatchThatIsPaidForIsWaitedForHoweverOftenTheServerFails() {
        var batch = SentBatch(
            BatchRecord(file: "f", batch: "b", place: "m", questions: Self.questions, made: 0), limits: BatchLimits(),
            excerpt: Self.excerpt)
        _ = batch.receive(.begun)
        var waits: [Duration] = []
        for _ in 0..<40 {
            let actions = batch.receive(.failed(InferenceError(.unreachable, "")))
            #expect(actions.last == .look(batch: "b"))
            if case .wait(let wait) = actions[0] { waits.append(wait) }
        }
        #expect(waits[0] == .seconds(15) && waits[39] == .seconds(300) && waits == waits.sorted())
        // A stop leaves it to the next start.
        let settled = batch.receive(.failed(InferenceError(.cancelled, "the run is stopping")))
        #expect(settled.count == 1 && batch.record?.batch == "b")
    }

    @Test func eachEndOfABatchSettlesEachQuestion() {
        let failure = InferenceError(.refused, "no")
        func settled(
            _ status: BatchStatus, _ outcomes: [BatchFile.Outcome?]
        ) -> [SentBatch.Settlement?] {
            var batch = SentBatch(
                BatchRecord(file: "f", batch: "b", place: "m", questions: Self.questions, made: 0),
                limits: BatchLimits(), excerpt: Self.excerpt)
            _ = batch.receive(.begun)
            #expect(batch.receive(.looked(status)) == [.read(status)])
            var given: [QuestionID: BatchFile.Outcome] = [:]
            for (question, outcome) in zip(Self.questions, outcomes) { given[question] = outcome }
            let answers = given.compactMapValues { if case .answer(let body) = $0 { body } else { nil } }
            guard let record = batch.record else { return [] }
            #expect(batch.receive(.read(status, given)) == [.keep(answers, record)])
            guard case .settle(let settled) = batch.receive(.kept).last else { return [] }
            #expect(batch.record == nil)
            return Self.questions.map { settled[$0] }
        }
        #expect(
            settled(Self.status("expired"), [.answer([1]), .unasked("late"), nil]) == [
                .kept, .again("late"), .again("the batch b0 ended as expired, without an answer"),
            ])
        #expect(
            settled(
                Self.status("completed"), [.failure(failure), .failure(InferenceError(.rateLimited, "slow")), nil])
                == [.failed(failure), .again("slow"), .again("the batch b0 was completed, without an answer")])
        #expect(settled(Self.status("cancelled"), [.answer([1]), nil, nil]).first == .kept)
        func failed(_ code: String) -> BatchStatus {
            BatchStatus(
                id: "b0", status: "failed", inputFile: nil, outputFile: nil, errorFile: nil,
                errors: BatchStatus.Faults(data: [.init(code: code, message: "too much")]))
        }
        let end = "the batch b0 ended as failed: too much"
        #expect(settled(failed("token_limit_exceeded"), []) == [.noRoom(end), .noRoom(end), .noRoom(end)])
        #expect(settled(failed("invalid_json_line"), [])[0] == .failed(InferenceError(.refused, end)))
    }

    @Test func aBatchThatTheServerHasForgottenIsAskedAgainAndOneThatIsForbiddenIsKept() {
        let record = BatchRecord(file: "f", batch: "b", place: "m", questions: Self.questions, made: 0)
        var gone = SentBatch(record, limits: BatchLimits(), excerpt: Self.excerpt)
        _ = gone.receive(.begun)
        let actions = gone.receive(.failed(InferenceError(.refused, "the endpoint answered 404: No batch")))
        #expect(actions == [.keep([:], record)])
        guard case .settle(let settled) = gone.receive(.kept).last, case .again = settled[Self.questions[0]] else {
            Issue.record("not asked again")
            return
        }
        var forbidden = SentBatch(record, limits: BatchLimits(), excerpt: Self.excerpt)
        _ = forbidden.receive(.begun)
        let error = InferenceError(.refused, "the endpoint answered 401: bad key")
        #expect(
            forbidden.receive(.failed(error)) == [
                .settle([
                    Self.questions[0]: .failed(error), Self.questions[1]: .failed(error),
                    Self.questions[2]: .failed(error),
                ])
            ])
        #expect(forbidden.record == record)
    }
}
