import Dataflow
import Elements
import Explaining
import Inference
import Jobs
import Lineage
import Observability
import Running
import Scoring
import StateFixtures
import StateNotes
import Store
import Synchronization
import Testing
import Topology

@testable import Stages

/// A latent that fires at one of two tokens, explained part by part, over restarts, and its parts scored.
@Suite(.timeLimit(.minutes(5))) struct SeveralStageTests {
    private struct Session {
        let store: Store
        let stop = StopSignal()
        let progress = RunProgress()
        let timers = StageTimers(node: "lexical")
        let lineage = SharedLineage()

        init(_ directory: TemporaryDirectory) throws {
            store = try directory.store()
            let explanations = try store.explanations(of: "lexical")
            lineage.with {
                $0.restore(explainer: "lexical", rule: ReexplanationRule(), explanations: explanations, choices: [])
            }
        }

        private var context: ExplainContext {
            ExplainContext(
                node: "lexical", latents: [0], minimumExamples: 10, waitsForDrain: false, seed: 7, lineage: lineage,
                jobStore: Fixture.jobStore(store, progress: progress),
                compute: ComputePool<Void>(name: "compute", threads: 1), width: 1, stop: stop, timers: timers)
        }

        func explain(_ update: EvidenceUpdate) async throws -> [Explanation] {
            let words = PlantedWords()
            return try await explanations(
                of: LexicalStage(
                    context: context, settings: LexicalSettings(), several: SeveralSettings(), tokenizer: words,
                    vocabulary: LexicalVocabulary(tokenDecoder: words)), update)
        }

        func ask(
            _ update: EvidenceUpdate, answer: @escaping @Sendable () throws(InferenceError) -> String
        ) async throws -> [Explanation] {
            var settings = DefaultExplainerSettings()
            settings.minimumExamples = 10
            settings.startsAnswer = true
            return try await explanations(
                of: AskingStage(
                    context: context, judge: FixedJudge(answer: answer), tokenizer: PlantedWords(),
                    kind: .several(SeveralSettings(), of: settings), concurrency: 1), update)
        }

        private func explanations(
            of stage: some Stage<EvidenceUpdate, ExplanationBatch>, _ update: EvidenceUpdate
        ) async throws -> [Explanation] {
            var told: [Explanation] = []
            for case .batch(.explanations(let explanations, _)) in try await results(
                of: stage, given: [.batch(update)], timers: timers)
            { told += explanations }
            return told
        }
    }

    private func evidence(_ contexts: Int = 1600) throws -> EvidenceUpdate {
        var stream = try PlantedStream()
        return try stream.read(contexts, day: 0, planted: [5, 6])
    }

    private func tokens(of part: ExplanationPart) throws -> [LexicalTerm] {
        try LexicalPredicate(json: part.predicate ?? "").terms
    }

    @Test func partsAreExplainedOnceKeptOverARestartAndScoredApartAndTogether() async throws {
        let directory = try TemporaryDirectory()
        let update = try evidence()
        let first = try Session(directory)
        let told = try await first.explain(update)
        let explanation = try #require(told.first)
        let parts = try #require(explanation.parts)
        #expect(told.count == 1 && parts.clusters == 2 && parts.meanings > 1.8 && parts.meanings <= 2)
        #expect(try Set(parts.parts.map { try tokens(of: $0) }) == [[.token(5)], [.token(6)]])
        #expect(explanation.text.hasPrefix("(1) Contains ") && explanation.text.contains("; or (2) Contains "))
        try first.store.close()

        let second = try Session(directory)
        #expect(try second.store.explanations() == [explanation])
        #expect(try await second.explain(update) == [explanation])
        #expect(try second.store.explanations().count == 1)
        try second.store.close()

        let scorer = try HeldOutSession(directory, needsPredicate: true)
        let score = try #require(try await scorer.execute([.explanations([explanation], update)]).scores.first)
        #expect(score.headline?.value == 1 && score.parts.map(\.figure.value) == [1, 1])
        #expect(score.details["share_in_no_part"]?.value ?? 1 < 0.2)
        #expect(try scorer.store.scores().first?.details == score.details)
        try scorer.store.close()
    }

    @Test func littleEvidenceIsOneMeaning() async throws {
        let directory = try TemporaryDirectory()
        let session = try Session(directory)
        let told = try await session.explain(try evidence(260))
        #expect(told.count == 1 && told.first?.parts == .one && told.first?.predicate != nil)
        try session.store.close()
    }

    @Test func aPartWithoutAnAnswerFailsTheJobUntilTheNextStart() async throws {
        let directory = try TemporaryDirectory()
        let update = try evidence()
        let first = try Session(directory)
        let calls = Mutex(0)
        let none = try await first.ask(update) { () throws(InferenceError) in
            let number = calls.withLock { calls in
                calls += 1
                return calls
            }
            if number > 1 { throw InferenceError(.refused, "no such model") }
            return "the one"
        }
        #expect(none.isEmpty)
        let failed = try #require(try first.store.jobs(of: "lexical").first)
        #expect(failed.state == .failed && failed.reason?.contains("part 2 of 2: ") == true)
        try first.store.close()

        // The plan that was stored is carried out, whatever the evidence is by then.
        let second = try Session(directory)
        let answers = Mutex(["the one", "the other"])
        let told = try await second.ask(try evidence(1700)) {
            answers.withLock { $0.isEmpty ? "" : $0.removeFirst() }
        }
        let explanation = try #require(told.first { $0.job == failed.job.id })
        #expect(explanation.text == "(1) the one; or (2) the other." && explanation.predicate == nil)
        #expect(explanation.parts?.parts.map(\.text) == ["the one", "the other"])
        #expect(try second.store.explanations().first { $0.job == explanation.job }?.parts == explanation.parts)
        try second.store.close()
    }
}
