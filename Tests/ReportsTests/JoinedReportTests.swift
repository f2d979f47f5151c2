import Elements
import Foundation
import StateFixtures
import Store
import Testing

@testable import Reports
@testable import StateNotes

/// One report over the states of several processes.
@Suite struct JoinedReportTests {
    private static let latents = 24
    private static let view = BrokenDownView(
        positions: [4000, 6000], sources: [SourceTotals(name: "web", tokens: 10_000, contexts: 8)],
        firing: (0..<latents).map { latent in
            let (first, later) = (UInt64(latent % 5), UInt64(latent * 30))
            return (positions: [first, later], sources: [first + later])
        })

    private static func note(_ view: BrokenDownView = JoinedReportTests.view, epoch: UInt64 = 7) -> EvidenceNote {
        EvidenceNote(
            node: "evidence", view: view, epoch: epoch, sample: SampleSizes(inForce: 64, asked: 64))
    }

    /// Results, jobs, records that were refused and notes, of one process and of several.
    private func state(_ count: Int) throws -> PartedState {
        let state = try PartedState(count)
        let explanations = (0..<Self.latents).flatMap { latent in
            ["prose", "lexical"].enumerated().map { number, node in
                Fixture.explanation(UInt64(100 * (number + 1) + latent), latent: latent, node: node)
            }
        }
        let scores = explanations.flatMap { explanation -> [Score] in
            let value = 0.5 + Double((explanation.latent * 37 + explanation.node.count) % 50) / 101
            func score(_ control: String?) -> Score {
                Fixture.score(
                    explanation.latent, control == nil ? value : 1 - value, explainedBy: explanation.node,
                    auroc: value / 2, failed: explanation.latent % 3, firingRate: Double(explanation.latent + 1) / 1000,
                    control: control
                ).with { ($0.explanation, $0.text) = (explanation.job, explanation.text) }
            }
            return [score(nil)] + (explanation.latent % 2 == 0 ? [score("shuffled")] : [])
        }
        try state.record(explanations: explanations, scores: scores)
        let jobs = (0..<UInt64(12)).map {
            PlannedJob(
                id: Fixture.hash(5000 + $0), node: $0 < 4 ? "prose" : "detected", kind: .explain, coder: "codes",
                latent: Int($0), payload: [])
        }
        try state.insert(
            jobs, failing: [jobs[1].id: "down", jobs[2].id: "down", jobs[5].id: "unreadable", jobs[8].id: "down"])
        try state.commit(epoch: 7, deadLetters: (0..<5).map { Fixture.letter($0) })
        try EvidenceNote.notes.write(Self.note(), of: "evidence", to: state.whole)
        try ModelSpend.note.write(
            ["m": ModelSpend(calls: count, tokensIn: 10 * count, tokensOut: count, cost: 0.25 * Double(count))],
            to: state.whole)
        func skipped(_ taken: Int, dead: Int) -> SkippedLatents {
            SkippedLatents(
                node: "detected", coder: "codes", taken: taken, dead: dead, tooFew: taken / 6, tooFewHeldOut: 0,
                tooDense: 0)
        }
        try SkippedLatents.notes.write(skipped(Self.latents, dead: count), of: "detected", to: state.whole)
        for (number, share) in state.shares.enumerated() {
            let own = Self.view.share { state.owner(of: $0) == number }
            try EvidenceNote.notes.write(Self.note(own), of: "evidence", to: share)
            try ModelSpend.note.write(["m": ModelSpend(calls: 1, tokensIn: 10, tokensOut: 1, cost: 0.25)], to: share)
            try SkippedLatents.notes.write(skipped(Self.latents / count, dead: 1), of: "detected", to: share)
        }
        return state
    }

    /// The JSON of a report without some members, and without some of its evidence's.
    private func json(_ report: RunReport, without left: Set<String> = ["shares"]) throws -> String {
        var object = try #require(
            try JSONSerialization.jsonObject(with: Data(ReportJSON.text(report).utf8)) as? [String: Any])
        object = object.filter { !left.contains($0.key) }
        object["evidence"] = (object["evidence"] as? [[String: Any]])?.map { $0.filter { !left.contains($0.key) } }
        return String(
            decoding: try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]), as: UTF8.self)
    }

    @Test(arguments: [1, 2, 4]) func aReportOverSharesIsThatOfOneProcess(count: Int) throws {
        let state = try state(count)
        let whole = try RunReport(directory: state.wholePath)
        let joined = try RunReport(directory: state.path) { _ in ["evidence": Self.note()] }
        #expect(try json(joined) == json(whole))
        #expect(joined.evidenceDigest == whole.evidenceDigest && whole.evidenceDigest != nil)
        #expect(whole.summaries.count == 2 && whole.summaries.allSatisfy { $0.scores.count == Self.latents })
        #expect(whole.failures.count == 3 && whole.deadLetters == ["not-utf8": 5])
        func text(_ report: RunReport) -> String {
            ReportTable(report: report, best: 3, width: 1000, areBySource: true).text
        }
        #expect(text(joined).replacing(", in \(count) shares", with: "") == text(whole))
        #expect(joined.shares.map(\.name) == (0..<count).map { "shards-\($0)-of-\(count)" } && whole.shares.isEmpty)
    }

    @Test func withoutMergedEvidenceTheDigestsAreThoseOfTheShares() throws {
        let state = try state(4)
        let (whole, joined) = (try RunReport(directory: state.wholePath), try RunReport(directory: state.path))
        let left: Set = ["shares", "evidence_digest", "counts_digest"]
        #expect(try json(joined, without: left) == json(whole, without: left))
        #expect(joined.evidenceDigest == nil && joined.uneven.isEmpty)
        let lines = ReportTable(report: joined, best: 0, width: 1000).text.components(separatedBy: "\n")
        #expect(lines[0].hasSuffix("latents have fired, in 4 shares"))
        for number in 0..<4 {
            let digest = try #require(joined.shares[number].evidence.first?.digest)
            #expect(lines[number + 1] == "  evidence_digest \(digest) of shards-\(number)-of-4")
        }
        #expect(lines[5].contains("--topology"))
        let shares = try #require(
            (try JSONSerialization.jsonObject(with: Data(ReportJSON.text(joined).utf8)) as? [String: Any])?["shares"]
                as? [[String: Any]])
        #expect(shares.map { $0["name"] as? String } == (0..<4).map { "shards-\($0)-of-4" })
        let evidence = try #require(shares[2]["evidence"] as? [[String: Any]])
        #expect(evidence.first?["counts_digest"] as? String == joined.shares[2].evidence.first?.countsDigest)
        #expect(evidence.first?["tokens"] as? Int == 10_000)
    }

    @Test func sharesThatHaveNotBeenToldTheSameHaveNoDigestTogether() throws {
        let state = try state(2)
        var ahead = Self.view.share { state.owner(of: $0) == 1 }
        ahead.totals.tokens += 500
        try EvidenceNote.notes.write(Self.note(ahead, epoch: 9), of: "evidence", to: state.shares[1])
        let report = try RunReport(directory: state.path) { _ in
            Issue.record("evidence was merged")
            return [:]
        }
        #expect(report.uneven == ["evidence"] && report.evidenceDigest == nil)
        #expect(report.evidence.first?.totals.tokens == 10_000 && report.evidence.first?.fired == Self.note().fired)
        let text = ReportTable(report: report, best: 0, width: 1000).text
        #expect(
            text.contains(
                "UNEVEN: not all have been told the same yet (tokens: shards-0-of-2 10000, shards-1-of-2 10500)"))
        #expect(try ReportJSON.text(report).contains(#""uneven":true"#))
    }

    @Test func sharesThatGoOnWhileTheyAreMergedHaveNoDigestTogether() throws {
        let state = try state(2)
        let report = try RunReport(directory: state.path) { _ in ["evidence": nil] }
        #expect(report.uneven == ["evidence"] && report.evidenceDigest == nil)
    }

    @Test func aFlagOfOneShareIsThatOfAll() throws {
        let state = try state(2)
        #expect(try RunReport(directory: state.path).isExact)
        try EvidenceFlags.isExact.write(false, to: state.shares[1])
        try EvidenceFlags.isMixed.write(true, to: state.shares[0])
        try BudgetNote.isSpent.write(true, to: state.shares[1])
        let report = try RunReport(directory: state.path)
        #expect(!report.isExact && report.isGapAccepted && report.isMixed && report.isBudgetSpent)
        let lines = ReportTable(report: report, best: 0, width: 1000).text.components(separatedBy: "\n")
        #expect(lines[1].hasSuffix("of shards-0-of-2  (mixed: computed by more than one CPU kernel)"))
        #expect(lines[2].hasSuffix("of shards-1-of-2  (inexact: records were skipped or counted twice)"))
    }

    private func refusal(of state: PartedState) -> String? {
        do {
            _ = try RunReport(directory: state.path)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func aPartitionThatTwoReadAndAnotherTopicAreNamed() throws {
        let twice = try PartedState(2)
        for share in twice.shares {
            try share.commit(
                CheckpointCommit(epoch: 1, fences: [Fixture.fence("evidence.shuffle", partition: 1, next: 3)]))
        }
        #expect(refusal(of: twice)?.contains("both shards-0-of-2 and shards-1-of-2 read partition 1 of texts") == true)
        let other = try PartedState(2)
        for (number, share) in other.shares.enumerated() {
            let fence = Fence(
                source: "evidence.shuffle", topic: "told-\(number)", partition: Int32(number), next: 3, last: nil)
            try share.commit(CheckpointCommit(epoch: 1, fences: [fence]))
        }
        #expect(refusal(of: other)?.contains("through the topic told-0 and shards-1-of-2 through told-1") == true)
    }

    @Test func whatIsMissingOrOfAnotherTopologyIsNamedAndNothingIsReported() throws {
        let missing = try state(4)
        try missing.shares[2].close()
        try FileManager.default.removeItem(atPath: missing.path(of: 2))
        #expect(refusal(of: missing)?.contains("of 4 there is no shards-2-of-4") == true)

        let damaged = try state(2)
        try damaged.shares[1].close()
        try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: damaged.path(of: 1) + "/gloss.sqlite"))
        #expect(refusal(of: damaged)?.hasPrefix("\(damaged.path(of: 1))/gloss.sqlite: not a gloss database") == true)

        let twice = try state(2)
        try FileManager.default.createDirectory(
            atPath: twice.path + "/shards-3-of-4", withIntermediateDirectories: true)
        #expect(refusal(of: twice)?.contains("of 2 and of 4 processes") == true)

        let other = try PartedState(2) { share in
            TopologyIdentity(name: "topology-\(share)", digest: Fixture.hash(1), nodes: [:])
        }
        #expect(refusal(of: other)?.contains("its name is 'topology-1', not 'topology-0'") == true)

        let copied = try state(2)
        try copied.shares[1].record(explanations: [Fixture.explanation(9000, latent: 2)])
        #expect(refusal(of: copied)?.contains("have results or jobs of latent codes/2") == true)
    }
}
