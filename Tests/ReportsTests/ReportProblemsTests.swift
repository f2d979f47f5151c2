import Elements
import Foundation
import StateFixtures
import Store
import Testing

@testable import Reports
@testable import StateNotes

/// What a report says at its end if something is wrong.
@Suite struct ReportProblemsTests {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func problems() throws -> [String] {
        let text = ReportTable(report: try RunReport(directory: directory.state), best: 0, width: 1000).text
        return Array(text.components(separatedBy: "\n").dropFirst(2))
    }

    private func plan(_ numbers: Range<UInt64>, node: String) throws {
        try store.insertJobs(
            numbers.map {
                PlannedJob(
                    id: Fixture.hash($0), node: node, kind: .score, coder: "codes", latent: Int($0), payload: [])
            })
    }

    @Test func nothingWrongIsNotMentioned() throws {
        try plan(0..<1, node: "judged")
        try store.record(scores: [Fixture.score(1, 1, node: "judged").with { $0.job = Fixture.hash(0) }])
        #expect(try RunReport(directory: directory.state).jobs.map(\.state) == ["done"])
        #expect(try !problems().contains { $0.contains("jobs") || $0.contains("records") })
    }

    /// Three segments, and sixteen bytes of the second flipped in the file.
    private func damage() throws {
        for epoch in UInt64(1)...3 {
            let bytes = [UInt8](repeating: 0xa0 + UInt8(epoch), count: 300)
            try store.commit(CheckpointCommit(epoch: epoch, segments: [.init(node: "evidence", bytes: bytes)]))
        }
        try store.close()
        let file = URL(filePath: directory.state + "/gloss.sqlite")
        var bytes = [UInt8](try Data(contentsOf: file))
        let start = try #require(
            bytes.indices.first { $0 + 300 < bytes.count && bytes[$0..<$0 + 300].allSatisfy { $0 == 0xa2 } })
        for place in start + 100..<start + 116 { bytes[place] ^= 0xff }
        try Data(bytes).write(to: file)
    }

    @Test func damagedEvidenceIsNamedAndNotExact() throws {
        try EvidenceNote.notes.write(
            EvidenceNote(node: "evidence", view: BrokenDownView(positions: [4], sources: [], firing: []), epoch: 3),
            of: "evidence", to: store)
        try damage()
        let report = try RunReport(directory: directory.state)
        #expect(!report.isExact && !report.isGapAccepted)
        #expect(report.segments.damaged.map(\.epoch) == [2] && report.segments.sound == 2)
        let reason = try #require(report.segments.damaged.first?.reason)
        let lines = try problems()
        #expect(
            lines.contains {
                $0.hasPrefix("DAMAGED: the evidence of evidence stored with checkpoint 2 (\(reason));")
            })
        #expect(!lines.contains { $0.contains("inexact") })
        let json = try ReportJSON.text(report)
        #expect(json.contains(#""damaged":[{"epoch":2,"node":"evidence","reason":"\#(reason)"}]"#))
        #expect(json.contains(#""exact":false"#) && !json.contains("unverified"))
    }

    @Test func soundEvidenceIsExactAndNotMentioned() throws {
        try store.commit(CheckpointCommit(epoch: 1, segments: [.init(node: "evidence", bytes: [1, 2])]))
        let report = try RunReport(directory: directory.state)
        #expect(report.isExact && report.segments.sound == 1)
        #expect(try !problems().contains { $0.contains("DAMAGED") || $0.contains("verified") })
        #expect(try !ReportJSON.text(report).contains("damaged"))
    }

    @Test func openJobsWaitForALargerBudgetOnceItIsSpent() throws {
        try plan(0..<2, node: "judged")
        #expect(try problems() == ["", "2 jobs of judged are open"])
        try BudgetNote.isSpent.write(true, to: store)
        #expect(
            try problems() == [
                "", "2 jobs of judged are open",
                "  budget spent: 2 jobs wait for a start with a larger `budget`",
            ])
    }

    @Test func onlyTheThreeCommonestReasonsAreListed() throws {
        try plan(0..<9, node: "judged")
        try plan(9..<10, node: "explained")
        for (number, reason) in ["a", "a", "a", "b", "b", "c", "c", "d", "e", "x"].enumerated() {
            try store.fail(job: Fixture.hash(UInt64(number)), reason: reason, attempts: 1)
        }
        #expect(
            try problems() == [
                "", "1 jobs of explained are failed", "  1: x (codes/9)", "9 jobs of judged are failed",
                "  3: a (codes/0, codes/1, codes/2)", "  2: b (codes/3, codes/4)", "  2: c (codes/5, codes/6)",
                "  … and 2 more reasons",
            ])
    }

    @Test func refusedRecordsAreCountedByCode() throws {
        let letters = ["not-utf8", "empty", "not-utf8"].enumerated().map { offset, code in
            DeadLetter(
                position: Fixture.letter(Int64(offset)).position, node: "corpus", code: code, reason: "bad", value: [])
        }
        try store.commit(CheckpointCommit(epoch: 1, deadLetters: letters))
        #expect(
            try problems() == ["", "1 records were refused: empty", "2 records were refused: not-utf8"])
    }

    @Test func theMethodsWithAnotherFigureAreExplainedOnce() throws {
        try store.record(scores: [
            Fixture.score(1, 0.5, node: "b", method: "simulation"),
            Fixture.score(1, 0.5, node: "a", method: "intruder"),
            Fixture.score(2, 0.5, node: "c", method: "simulation"), Fixture.score(1, 0.5),
        ])
        #expect(
            try problems().prefix(2) == [
                "  intruder: the share of trials in which it is found; chance is one in a trial's windows",
                "  simulation: Pearson's correlation over tokens; chance is 0",
            ])
        #expect(try problems()[2].hasPrefix("  node "))
    }

    @Test func aReasonOfAServerStaysOneLineOfPlainText() throws {
        try plan(0..<1, node: "judged")
        try store.fail(job: Fixture.hash(0), reason: "\u{1B}]0;title\u{07}no\nway", attempts: 1)
        #expect(try problems() == ["", "1 jobs of judged are failed", "  1: ]0;titleno way (codes/0)"])
    }
}
