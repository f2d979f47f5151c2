import Elements
import Foundation
import StateFixtures
import Store
import Testing

@testable import Reports
@testable import StateNotes

@Suite struct ReportJSONTests {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func text() throws -> String { try ReportJSON.text(RunReport(directory: directory.state)) }

    private func object() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text().utf8)) as? [String: Any])
    }

    private func member(_ path: String...) throws -> Any? {
        path.reduce(try object() as Any?) { ($0 as? [String: Any])?[$1] }
    }

    @Test func anEmptyStateHasEveryMemberAndNoDigest() throws {
        #expect(
            try text()
                == #"{"budget_spent":false,"by_layer":{},"comparisons":[],"correlations":{},"dead_letters":{},"epoch":0,"evidence":[],"#
                + #""exact":true,"explained_again":[],"explanations":{},"failures":[],"jobs":[],"methods":{},"mixed":false,"#
                + #""offsets":[],"scores":[],"skipped":{},"skipped_by_node":{},"spent":{},"v":1}"#)
    }

    @Test func whatWasReadWorkedAndSpentStandsAsInTheTables() throws {
        try store.commit(
            CheckpointCommit(
                epoch: 7, fences: [Fixture.fence(partition: 3, next: 12)],
                deadLetters: [Fixture.letter(1), Fixture.letter(2)]))
        try store.insertJobs([Fixture.job(1), Fixture.job(2), Fixture.job(3)])
        try store.fail(job: Fixture.hash(3), reason: "a \"/\" in it", attempts: 1)
        try store.record(explanations: [
            Fixture.explanation(11), Fixture.explanation(12, latent: 4), Fixture.explanation(13, node: "prose"),
        ])
        try BudgetNote.isSpent.write(true, to: store)
        try EvidenceFlags.isExact.write(false, to: store)
        try EvidenceFlags.isMixed.write(true, to: store)
        try ModelSpend.note.write(
            ["m": ModelSpend(calls: 1, tokensIn: 2, tokensOut: 3, tokensCached: 4, cost: 0.5), "n": ModelSpend()],
            to: store)
        #expect(
            try text()
                == #"{"budget_spent":true,"by_layer":{},"comparisons":[],"correlations":{},"dead_letters":{"not-utf8":2},"epoch":7,"#
                + #""evidence":[],"exact":false,"explained_again":[],"explanations":{"lexical":2,"prose":1},"failures":["#
                + #"{"count":1,"latents":["codes/3"],"node":"prose","reason":"a \"/\" in it"}],"jobs":[{"count":2,"node":"lexical","state":"done"},"#
                + #"{"count":1,"node":"prose","state":"done"},{"count":1,"node":"prose","state":"failed"},"#
                + #"{"count":2,"node":"prose","state":"open"}],"methods":{},"mixed":true,"offsets":[{"next":12,"#
                + #""partition":3,"source":"corpus","topic":"texts"}],"scores":[],"skipped":{},"skipped_by_node":{},"#
                + #""spent":{"m":{"calls":1,"cost":0.5,"tokens_cached":4,"tokens_in":2,"tokens_out":3},"#
                + #""n":{"calls":0,"tokens_cached":0,"tokens_in":0,"tokens_out":0}},"v":1}"#)
    }

    @Test func theEvidenceHasItsCounts() throws {
        var view = BrokenDownView(
            positions: [4, 6], sources: [SourceTotals(name: "web", tokens: 10, contexts: 2)],
            firing: [([0, 0], [0]), ([1, 2], [3])])
        view.totals.shortWindows = 9
        let note = EvidenceNote(
            node: "evidence", view: view, epoch: 1, sample: SampleSizes(inForce: 64, asked: 256))
        try EvidenceNote.notes.write(note, of: "evidence", to: store)
        let all = try #require(try object()["evidence"] as? [[String: Any]])
        let evidence = try #require(all.first)
        let numbers = ["tokens", "contexts", "windows", "short_windows", "latents", "latents_fired"]
        #expect(numbers.map { evidence[$0] as? Int } == [10, 8, 32, 9, 2, 1])
        #expect(evidence["sample"] as? Int == 64 && evidence["sample_asked"] as? Int == 256)
        #expect(evidence["counts_digest"] as? String == note.countsDigest)
        #expect(evidence["evidence_digest"] as? String == note.digest)
        #expect(try object()["evidence_digest"] as? String == note.digest)
        let lengths = (evidence["breakdown"] as? [String: Any])?["lengths"] as? [[String: Any]]
        #expect(lengths?.map { $0["never"] as? Int } == [1, 1])
        #expect((evidence["activity"] as? [String: Any])?["decades"] as? [Int] == [1])
    }

    @Test func eachValueStandsWithItsIntervalBestFirst() throws {
        try store.record(scores: [
            Fixture.score(1, 0.5, text: "a \"b\"", auroc: 0.25), Fixture.score(2, 0.75, failed: 2),
            Fixture.score(3, nil, failed: 40), Fixture.control(1, 0),
        ])
        let scores = try #require(try object()["scores"] as? [[String: Any]])
        #expect(scores.count == 1)
        let values = try #require(scores[0]["values"] as? [[String: Any]])
        #expect(values.map { $0["latent"] as? Int } == [2, 1] && values.map { $0["failed"] as? Int } == [2, 0])
        #expect(values[1]["explanation"] as? String == "a \"b\"" && values[1]["ci"] as? [Double] == [0.4, 0.6])
        #expect(values[1]["n"] as? Int == 40 && values[1]["value"] as? Double == 0.5)
        #expect(
            values[1]["control"] as? Double == 0 && values[1]["doubts"] as? [String] == ["not told from chance (.50)"])
        #expect(values[0]["control"] == nil && values[0]["doubts"] == nil)
        #expect(scores[0]["unavailable"] as? Int == 1 && scores[0]["failed_verdicts"] as? Int == 42)
        #expect(scores[0]["median_auroc"] as? Double == 0.25 && scores[0]["mean"] as? Double == 0.625)
        #expect(scores[0]["lower_quartile"] as? Double == 0.5625)
    }

    @Test func aMethodsFiguresAreUnderItsNameAndThoseOfSmallerSummariesUnderTheirNodes() throws {
        try store.record(
            scores: (1...3).map { Fixture.score($0, 0.5) }
                + [Fixture.score(1, 1, explainedBy: "lexical"), Fixture.score(1, 1, node: "also")])
        let methods = try #require(try object()["methods"] as? [String: [String: Any]])
        #expect(Set(methods.keys) == ["detection", "detection/detected/lexical", "detection/also/prose"])
        #expect(methods["detection"]?["latents"] as? Int == 3 && methods["detection"]?["mean"] as? Double == 0.5)
        #expect(try member("methods", "detection", "controls", "constant_answers", "mean") as? Double == 0.5)
        #expect(try member("methods", "detection", "controls", "shuffled", "mean") == nil)
        #expect(try member("methods", "detection", "cost", "paper_tokens_in") as? Int == 17_000)
        #expect(try member("methods", "detection", "sequential") == nil)
    }

    @Test func ofEquallyWideSummariesTheFirstHasTheMethodsName() throws {
        try store.record(scores: [Fixture.score(1, 1, node: "b"), Fixture.score(1, 0, node: "a")])
        // Scores are read by node.
        #expect(try member("methods", "detection", "node") as? String == "a")
        #expect(try member("methods", "detection/b/prose", "mean") as? Double == 1)
    }

    @Test func skippedLatentsAreThoseOfTheNodeThatTakesMost() throws {
        for (node, coder, taken) in [("b", "codes", 10), ("a", "codes", 10), ("c", nil, 12), ("d", "codes", 3)] {
            let note = SkippedLatents(
                node: node, coder: coder, taken: taken, dead: taken, tooFew: 1, tooFewHeldOut: 2, tooDense: 3)
            try SkippedLatents.notes.write(note, of: node, to: store)
        }
        #expect(
            try object()["skipped"] as? [String: Int]
                == ["dead": 12, "too_few": 1, "too_few_held_out": 2, "too_dense": 3, "failed": 0])
        #expect(try (object()["skipped_by_node"] as? [String: Any])?.keys.sorted() == ["a", "b", "c", "d"])
        // A note of an older version does not name its coder; that it was random shows in its scores.
        try RandomCoders.note.write(["chance"], to: store)
        let chance = CoderIdentity(name: "chance", hookpoint: "layers.10", latents: 9, digest: Fixture.hash(8))
        try store.record(scores: [Fixture.score(1, 1, node: "c", coder: chance)])
        #expect(try member("skipped", "dead") as? Int == 10)
    }

    @Test func sequentialFiguresSayWhatWasAsked() throws {
        try store.record(scores: [
            Fixture.score(1, 0.5).with {
                $0.sequential = SequentialAccount(verdict: "undecided", threshold: 0.7, asked: 7, available: 40)
            }
        ])
        let figures = try #require(try member("methods", "detection", "sequential") as? [String: Any])
        #expect(figures["asked"] as? Int == 7 && figures["available"] as? Int == 40)
        #expect(figures["verdicts"] as? [String: Int] == ["undecided": 1])
        #expect((figures["value_is"] as? String)?.hasPrefix("corrected for stopping at a verdict") == true)
    }
}
