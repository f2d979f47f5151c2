import Elements
import Hashing
import StateFixtures
import Store
import Testing

@testable import Reports
@testable import StateNotes

@Suite struct RunReportTests {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func report() throws -> RunReport { try RunReport(directory: directory.state) }

    private func noteEvidence(_ node: String, coder: String, low: UInt64) throws {
        var view = BrokenDownView(firing: [([], [])])
        view.coder = CoderIdentity(name: coder, hookpoint: "layers.1", latents: 1, digest: Fixture.hash(1))
        view.digest = Fixture.hash(low)
        try EvidenceNote.notes.write(EvidenceNote(node: node, view: view, epoch: 2), of: node, to: store)
    }

    @Test func anEmptyStateIsExactAndHoldsNothing() throws {
        let report = try report()
        #expect(report.epoch == 0 && report.fences.isEmpty && report.evidence.isEmpty && report.explanations.isEmpty)
        #expect(report.isExact && !report.isMixed && !report.isBudgetSpent && report.evidenceDigest == nil)
        #expect(report.jobs.isEmpty && report.failures.isEmpty && report.spent.isEmpty && report.skipped.isEmpty)
    }

    @Test func aFolderWithoutAStateIsNamed() {
        let empty = directory.path + "/nothing"
        #expect(throws: StoreError.missing(path: empty)) { try RunReport(directory: empty) }
    }

    @Test func theLastCheckpointSaysHowFarTheCorpusWasRead() throws {
        try store.commit(CheckpointCommit(epoch: 1, fences: [Fixture.fence(next: 3)]))
        try store.commit(
            CheckpointCommit(epoch: 4, fences: [Fixture.fence(next: 9), Fixture.fence("other", partition: 2, next: 5)]))
        let report = try report()
        #expect(report.epoch == 4)
        #expect(report.fences.sorted { $0.next < $1.next }.map(\.next) == [5, 9])
    }

    @Test func theDigestIsThatOfTheOneReservoirWhoseCoderIsNotRandom() throws {
        try noteEvidence("evidence", coder: "codes", low: 5)
        #expect(try report().evidenceDigest == Fixture.hash(5).description)
        try noteEvidence("chance-evidence", coder: "chance", low: 6)
        #expect(try report().evidenceDigest == nil)
        try RandomCoders.note.write(["chance"], to: store)
        #expect(try report().evidenceDigest == Fixture.hash(5).description)
        try noteEvidence("deep-evidence", coder: "deep", low: 7)
        #expect(try report().evidenceDigest == nil && report().evidence.count == 3)
    }

    @Test func theCommonestReasonOfAFailureComesFirstAndEqualOnesByTheirText() throws {
        let reasons = ["b", "a", "c", "c", "b", "z"]
        try store.insertJobs((0..<7).map { Fixture.job(UInt64($0)) })
        for (number, reason) in reasons.enumerated() {
            try store.fail(job: Fixture.hash(UInt64(number)), reason: reason, attempts: 1)
        }
        let report = try report()
        #expect(report.failures.map(\.reason) == ["b", "c", "a", "z"])
        #expect(report.failures.map(\.count) == [2, 2, 1, 1])
        #expect(report.jobs.map(\.state) == ["failed", "open"] && report.jobs.map(\.count) == [6, 1])
    }

    @Test func whatWasReplacedIsNotPartOfTheReport() throws {
        let again = ExplainedAgain(standing: Fixture.hash(1), reason: .grown)
        let (old, new) = (Fixture.explanation(1), Fixture.explanation(2, epoch: 2, again: again))
        func score(_ explanation: Explanation, _ value: Double) -> Score {
            Fixture.score(3, value, explainedBy: "lexical").with {
                ($0.explanation, $0.job, $0.text) = (explanation.job, explanation.job, explanation.text)
            }
        }
        try store.record(explanations: [old, new], scores: [score(old, 0.5), score(new, 0.75)])
        #expect(try report().explanations == [old])
        #expect(try report().summaries.first?.mean == 0.5 && report().again.map(\.open) == [1])
        let choice = Choice(
            challenger: new.job, standing: old.job, node: "lexical", coder: Fixture.coder, latent: 3, reason: .grown,
            outcome: .replaced, scores: [], epoch: 2)
        try store.record(choices: [choice])
        #expect(try report().explanations == [new])
        #expect(try report().summaries.first?.mean == 0.75 && report().again.map(\.open) == [0])
    }

    @Test func aReportIsReadWhileTheStateIsWritten() throws {
        try store.record(scores: [Fixture.score(1, 1)])
        let before = try report()
        try store.record(scores: [Fixture.score(2, 0)])
        #expect(before.summaries.map(\.scores.count) == [1] && before.summaries.first?.mean == 1)
        #expect(try report().summaries.first?.mean == 0.5)
    }
}
