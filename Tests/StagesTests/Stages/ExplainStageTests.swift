import Dataflow
import Elements
import Explaining
import Inference
import Jobs
import Lineage
import Observability
import Running
import StateFixtures
import StateNotes
import Store
import Synchronization
import Testing
import Topology

@testable import Stages

@Suite(.timeLimit(.minutes(5))) struct ExplainStageTests {
    private struct Session {
        let store: Store
        let stop = StopSignal()
        let progress = RunProgress()
        let timers = StageTimers(node: "prose")
        let lineage = SharedLineage()

        init(_ directory: TemporaryDirectory, waitsForDrain: Bool = false) throws {
            store = try directory.store()
            self.waitsForDrain = waitsForDrain
            let (explanations, choices) = (try store.explanations(of: "prose"), try store.choices(of: "prose"))
            lineage.with {
                $0.restore(
                    explainer: "prose", rule: ReexplanationRule(), explanations: explanations,
                    choices: choices.map(\.choice))
            }
        }

        private let waitsForDrain: Bool

        var context: ExplainContext {
            ExplainContext(
                node: "prose", latents: [0, 1], minimumExamples: 10, waitsForDrain: waitsForDrain, seed: 7,
                lineage: lineage, jobStore: Fixture.jobStore(store, progress: progress),
                compute: ComputePool<Void>(name: "compute", threads: 1), width: 1, stop: stop, timers: timers)
        }

        func ask(
            _ updates: [EvidenceUpdate], best: BestOfSettings? = nil, book: BudgetLedger? = nil,
            answer: @escaping @Sendable () throws(InferenceError) -> String = { "dates" }
        ) async throws -> [ExplanationBatch] {
            var settings = DefaultExplainerSettings()
            settings.minimumExamples = 10
            settings.startsAnswer = true
            let judge = MeteredModel(
                judge: FixedJudge(answer: answer), label: "judge",
                metrics: RunMetrics(progress: progress, version: "", topology: "", digest: ""),
                account: book.map { ModelAccount(model: "fixed", prices: nil, book: $0) })
            return try await batches(
                of: AskingStage(
                    context: context, judge: judge, tokenizer: PlantedWords(),
                    kind: best.map { .best($0, of: settings) } ?? .examples(settings), concurrency: 1), updates)
        }

        func batches<Operator: Stage<EvidenceUpdate, ExplanationBatch>>(
            of stage: Operator, _ updates: [EvidenceUpdate]
        ) async throws -> [ExplanationBatch] {
            try await results(of: stage, given: updates.map { .batch($0) }, timers: timers).compactMap { flow in
                if case .batch(let batch) = flow { batch } else { nil }
            }
        }
    }

    private func evidence(isCaughtUp: Bool = true) throws -> EvidenceUpdate {
        var stream = try PlantedStream()
        let update = try stream.read(800, day: 0, planted: [5, 6, 7])
        return EvidenceUpdate(view: update.view, epoch: update.epoch, isCaughtUp: isCaughtUp)
    }

    /// The kinds of what was told, in order.
    private func kinds(_ batches: [ExplanationBatch]) -> [String] {
        batches.map { batch in
            switch batch {
            case .explanations(let explanations, _): "explanations \(explanations.count)"
            case .evidence(let update, _): "evidence \(update.epoch)"
            case .settled(let epoch, _): "settled \(epoch)"
            case .asked(let asked): "asked \(asked.map(\.latent))"
            }
        }
    }

    @Test func aFailedExplanationIsAskedForAgainAtTheNextStart() async throws {
        let directory = try TemporaryDirectory()
        let update = try evidence()
        let first = try Session(directory)
        let told = try await first.ask([update]) { () throws(InferenceError) in
            throw InferenceError(.refused, "no such model")
        }
        #expect(kinds(told) == ["evidence 1"] && first.progress.reading.failures["prose"] == 1)
        #expect(try first.store.jobs(of: "prose").map(\.state) == [.failed])
        try first.store.close()

        let second = try Session(directory)
        #expect(kinds(try await second.ask([update])).sorted() == ["evidence 1", "explanations 1"])
        let stored = try second.store.explanations(of: "prose")
        #expect(stored.map(\.latent) == [0] && stored.first?.provenance.basis?.windowsFired ?? 0 > 0)
        #expect(second.timers.reading.busy > .zero)
        try second.store.close()

        // What is stored is told first, and nothing is asked for twice.
        let third = try Session(directory)
        let again = try await third.ask([update]) { () throws(InferenceError) in
            throw InferenceError(.refused, "asked again")
        }
        #expect(kinds(again) == ["explanations 1", "evidence 1"])
        try third.store.close()
    }

    @Test func answersThatSayAWorkedCaseAgainAreCountedAndAskedForAnew() async throws {
        let directory = try TemporaryDirectory()
        let session = try Session(directory)
        let asked = Mutex(0)
        let told = try await session.ask([try evidence()]) {
            asked.withLock { $0 += 1 }
            return "the first thing after 'return' in a program"
        }
        #expect(kinds(told).sorted() == ["evidence 1", "explanations 1"])
        #expect(asked.withLock { $0 } == 2 && session.progress.reading.copies == ["prose": 1])
        try session.store.close()
    }

    @Test func givenExplanationsAreSettledBeforeTheirEvidenceIsNews() async throws {
        let directory = try TemporaryDirectory()
        let update = try evidence()
        let session = try Session(directory)
        let told = try await session.batches(of: GivenStage(context: session.context, rows: nil), [update, update])
        #expect(
            kinds(told)
                == ["explanations 1", "settled 1", "evidence 1", "settled 1", "evidence 1"])
        #expect(session.timers.reading.busy > .zero)
        try session.store.close()
    }

    @Test func whatWaitsForTheEndOfTheInputIsExplainedOnlyThen() async throws {
        let directory = try TemporaryDirectory()
        let session = try Session(directory, waitsForDrain: true)
        let stage = GivenStage(context: session.context, rows: nil)
        #expect(try await session.batches(of: stage, [try evidence(isCaughtUp: false)]).isEmpty)
        #expect(try await session.batches(of: stage, [try evidence()]).count == 3)
        try session.store.close()
    }

    @Test func afterAStopNothingMoreIsExplained() async throws {
        let directory = try TemporaryDirectory()
        let session = try Session(directory)
        session.stop.raise()
        #expect(
            try await session.batches(of: GivenStage(context: session.context, rows: nil), [try evidence()]).isEmpty)
        try session.store.close()
    }

    @Test func aSpentBudgetHoldsExplanationsForAStartWithALargerOne() async throws {
        let directory = try TemporaryDirectory()
        let update = try evidence()
        let first = try Session(directory)
        let none = try await first.ask([update], book: BudgetLedger(budget: Budget(tokens: 0, cost: nil)))
        #expect(kinds(none) == ["evidence 1"] && first.progress.reading.held["prose"] == 1)
        #expect(try first.store.jobs(of: "prose").map(\.state) == [.open])
        try first.store.close()

        let second = try Session(directory)
        let book = BudgetLedger(budget: Budget(tokens: 5000, cost: nil))
        #expect(kinds(try await second.ask([update], book: book)).contains("explanations 1"))
        #expect(book.models["fixed"]?.tokensIn == 100 && second.progress.reading.held.isEmpty)
        try second.store.close()
    }

    @Test func anAnswerOfNoUseThatSpendsTheRestIsHeldAndNoFailure() async throws {
        let session = try Session(try TemporaryDirectory())
        let book = BudgetLedger(budget: Budget(tokens: 50, cost: nil))
        let told = try await session.ask([try evidence()], book: book) { () throws(InferenceError) in
            throw InferenceError(.badAnswer, "no words", tokensIn: 60)
        }
        #expect(kinds(told) == ["evidence 1"] && book.isSpent)
        let reading = session.progress.reading
        #expect(reading.held["prose"] == 1 && reading.failures.isEmpty)
        #expect(try session.store.jobs(of: "prose").map(\.state) == [.open])
        try session.store.close()
    }

    @Test func ofSeveralCandidatesThatSayTheSameOneIsKept() async throws {
        let session = try Session(try TemporaryDirectory())
        #expect(kinds(try await session.ask([try evidence()], best: BestOfSettings())).contains("explanations 1"))
        #expect(try session.store.explanations(of: "prose").map(\.text) == ["dates"])
        try session.store.close()
    }

    @Test func allRowsOfALatentAreGivenOnceItHasFiredOftenEnough() async throws {
        let directory = try TemporaryDirectory()
        let update = try evidence()
        let rows = [0: ["dates", "names"], 1: ["silent"]].mapValues { texts in
            texts.map { ExplanationRow(latent: 0, text: $0) }
        }
        for start in 0..<2 {
            let session = try Session(directory)
            let told = try await session.batches(of: GivenStage(context: session.context, rows: rows), [update])
            #expect(kinds(told) == ["explanations 2", "settled 1", "evidence 1"])
            #expect(try session.store.explanations(of: "prose").map(\.text).sorted() == ["dates", "names"])
            #expect(session.progress.reading.explanations["prose"] == (start == 0 ? 2 : nil))
            try session.store.close()
        }
    }

    @Test func aLatentThatIsNotInTheFileIsNotGiven() async throws {
        let session = try Session(try TemporaryDirectory())
        let told = try await session.batches(
            of: GivenStage(context: session.context, rows: [1: []]), [try evidence()])
        #expect(kinds(told) == ["settled 1", "evidence 1"])
        try session.store.close()
    }
}
