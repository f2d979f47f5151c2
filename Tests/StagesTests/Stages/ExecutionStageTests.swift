import Elements
import Evidence
import Explaining
import Running
import Scoring
import StateFixtures
import StateNotes
import Store
import Testing

@testable import Stages

@Suite(.timeLimit(.minutes(5))) struct ExecutionStageTests {
    private let directory: TemporaryDirectory
    private let update: EvidenceUpdate
    /// Holds where latent 0 fires.
    private let right = LexicalPredicate(anyOf: [5, 6, 7].map { .token($0) })

    init() throws {
        directory = try TemporaryDirectory()
        var stream = try PlantedStream()
        update = try stream.read(800, day: 0, planted: [5, 6, 7])
    }

    private func explanation(_ number: UInt64, latent: Int = 0, predicate: String?) -> Explanation {
        let plain = Fixture.explanation(number, latent: latent)
        return Explanation(
            job: plain.job, node: plain.node, coder: plain.coder, latent: latent, text: plain.text,
            predicate: predicate, provenance: plain.provenance)
    }

    @Test func aPredicateThatHoldsWhereItsLatentFiresIsWorthOneAndAnotherHalf() async throws {
        let session = try HeldOutSession(directory, needsPredicate: true)
        let nowhere = LexicalPredicate(anyOf: [.word("none")])
        let told = try await session.execute([
            .explanations(
                [explanation(1, predicate: right.json), explanation(2, predicate: nowhere.json)], update)
        ])
        let values = Dictionary(uniqueKeysWithValues: told.scores.map { ($0.explanation, $0.headline?.value) })
        #expect(values == [Fixture.hash(1): 1, Fixture.hash(2): 0.5])
        #expect(told.scores.allSatisfy { $0.tokensIn == 0 && $0.method == "execution" && $0.round?.epoch == 1 })
        try session.store.close()
    }

    /// Thirteen tokens in common with a window shown: silent or not, such a window says nothing, by this method as by judged ones.
    @Test func silentWindowsThatShareARunWithOneShownAreLeftOutAsInJudgedMethods() async throws {
        let run: [UInt32] = Array(100..<116)
        let shown = Fixture.example([5] + run, at: 0)
        let pool = (0..<40).map { number -> PoolWindow in
            let own = (0..<16).map { UInt32(200 + 16 * number + $0) }
            return Fixture.pooled(number % 4 == 0 ? Array(own.prefix(3)) + run.dropFirst(3) : own)
        }
        let view = CountedView(
            pool,
            examples: [
                0: LatentEvidence(
                    latent: 0,
                    statistics: LatentStatistics(
                        tokensFired: 9, windowsFired: 9, sum: 18, sumOfSquares: 36, maximum: 2, histogram: []),
                    train: [shown], top: [], test: (0..<6).map { Fixture.example([5, 900 + $0], at: 0) }, recent: [])
            ])
        let plain = explanation(1, predicate: right.json)
        let provenance = Provenance(
            explainer: "lexical", sampling: "uniform", promptVersion: "1", model: nil, seed: 7,
            evidenceDigest: Fixture.hash(2), epoch: 1, shown: [shown.window.identity])
        let explained = Explanation(
            job: plain.job, node: plain.node, coder: plain.coder, latent: 0, text: plain.text,
            predicate: plain.predicate, provenance: provenance)
        let session = try HeldOutSession(directory, needsPredicate: true)
        let told = try await session.execute([
            .explanations([explained], EvidenceUpdate(view: view, epoch: 1, isCaughtUp: true))
        ])
        let score = try #require(told.scores.first)
        let judged = HeldOutSet(of: explained, on: view, pool: pool, overlap: .drop)
        #expect(judged.negatives.count == 30 && score.judged == 36)
        #expect(score.details["true_negative_rate"]?.count == judged.negatives.count)
        for (name, estimate) in judged.account.details where name != "firing_rate" {
            #expect(score.details[name] == estimate, "\(name)")
        }
        #expect(score.details["share_of_silent_dropped_by_overlap"]?.value == 0.25)
        try session.store.close()
    }

    @Test func whatCannotBeRunIsPassedOverAndCounted() async throws {
        let session = try HeldOutSession(directory, needsPredicate: true)
        let told = try await session.execute([
            .explanations(
                [explanation(1, predicate: nil), explanation(2, latent: 1, predicate: right.json)], update)
        ])
        #expect(told.scores.isEmpty)
        #expect(told.considered.sorted() == [Fixture.hash(1), Fixture.hash(2)].sorted())
        // Latents 1 to 3 never fire; an explanation that cannot be run is as good as none.
        let skipped = try #require(try SkippedLatents.notes.all(in: session.store).first)
        #expect(skipped.node == "scored" && skipped.taken == 4 && skipped.dead == 3 && skipped.tooFew == 1)
        try session.store.close()
    }

    @Test func aPredicateThatCannotBeReadEndsTheRun() async throws {
        let session = try HeldOutSession(directory, needsPredicate: true)
        await #expect(throws: ExplainingError.self) {
            try await session.execute([.explanations([explanation(1, predicate: "{")], update)])
        }
        #expect(try session.store.scores().isEmpty)
        try session.store.close()
    }

    @Test func afterAStopNothingIsScoredButTheNextStartScoresIt() async throws {
        let given = ExplanationBatch.explanations([explanation(1, predicate: right.json)], update)
        let first = try HeldOutSession(directory, needsPredicate: true)
        first.stop.raise()
        let told = try await first.execute([given])
        #expect(told.scores.isEmpty && told.considered.isEmpty)
        try first.store.close()

        for expected in [1, 0] {
            let session = try HeldOutSession(directory, needsPredicate: true)
            #expect(try await session.execute([given]).scores.count == expected)
            #expect(try session.store.scores().count == 1)
            try session.store.close()
        }
    }
}
