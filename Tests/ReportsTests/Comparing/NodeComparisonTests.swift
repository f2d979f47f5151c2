import Elements
import Foundation
import StateFixtures
import StateNotes
import Statistics
import Store
import Testing

@testable import Interchange
@testable import Reports

/// Comparisons of a state directory, as text and as JSON.
@Suite struct NodeComparisonTests {
    private let directory: TemporaryDirectory
    private let store: Store
    private let chance = CoderIdentity(name: "chance", hookpoint: "layers.10", latents: 9, digest: Fixture.hash(9))

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func record(
        _ values: [Double], _ node: String = "detected", of explainer: String, method: String = "detection",
        coder: CoderIdentity = Fixture.coder
    ) throws {
        try store.record(
            scores: values.enumerated().map {
                Fixture.score($0 + 1, $1, node: node, method: method, explainedBy: explainer, coder: coder)
            })
    }

    private func comparisons(_ nodes: (String, String)? = nil, method: String? = nil) throws -> [NodeComparison] {
        try NodeComparisons(directory: directory.state, nodes: nodes.map { ($0.0, $0.1) }, method: method).all
    }

    @Test func whatIsToldIsToldAndWhatIsNotSaysHowManyLatentsItTakes() throws {
        try record([0.9, 0.8, 0.7, 0.9, 0.8, 0.7, 0.9, 0.8], of: "a")
        try record([0.8, 0.7, 0.6, 0.8, 0.7, 0.6, 0.8, 0.65], of: "b")
        try record([0.9, 0.75, 0.7, 0.95, 0.8, 0.6, 0.9, 0.8], of: "c")
        let own = try comparisons(("a", "b"))
        let one = try #require(own.first)
        #expect(own.count == 1 && one.difference?.isTold == true && one.latents == (8, 8))
        #expect(abs(try #require(one.difference?.value) - 0.10625) < 1e-12)
        let lines = ComparisonTable(own).text.components(separatedBy: "\n")
        #expect(lines.first == "EXPLAINERS COMPARED (as in the paper's Table A8)")
        #expect(
            lines[2].hasPrefix("  a             b             detected        8       .81    .71    +.106 [")
                && lines[2].hasSuffix("] 8     0     0     .006  .042     told latent  "))
        let other = try #require(try comparisons(("a", "c")).first)
        #expect(other.difference?.isTold == false)
        #expect((other.paired?.needed?.more(than: 8) ?? 0) > 8)
    }

    @Test func exchangedNodesGiveTheNegative() throws {
        try record([0.9, 0.8, 0.7, 0.9], of: "a")
        try record([0.6, 0.9, 0.6, 0.8], of: "b")
        let one = try #require(try comparisons(("a", "b")).first?.difference)
        let other = try #require(try comparisons(("b", "a")).first?.difference)
        #expect(abs(one.value + other.value) < 1e-12 && abs(one.lower + other.upper) < 1e-12)
    }

    @Test func methodsAreSetBesideEachOtherByCorrelationAndByDifferenceOfOneFigureAlone() throws {
        try record([0.1, 0.4, 0.2, 0.9], of: "a")
        try record([0.2, 0.5, 0.4, 0.8], "fuzzed", of: "a", method: "fuzzing")
        try record([0.3, 0.4, 0.5, 0.7], "embedded", of: "a", method: "embedding")
        let own = try comparisons()
        #expect(own.map(\.kind) == [.methods, .methods, .methods])
        #expect(own.map { $0.difference != nil } == [false, true, false])
        #expect(own[1].nodes == ("detected", "fuzzed") && abs((own[1].paired?.spearman ?? 0) - 1) < 1e-12)
        let text = ComparisonTable(own).text
        #expect(text.contains("METHODS COMPARED (as in the paper's Tables A1 and A2)"))
        #expect(text.contains("n/a: the two methods' headlines are different figures"))
        #expect(try comparisons(method: "embedding").count == 2)
    }

    @Test func codersAreComparedByMeansOfTheirOwnLatents() throws {
        try record([0.9, 0.8, 0.7, 0.9], of: "a")
        try record([0.5, 0.6, 0.4], "chance-detected", of: "a", coder: chance)
        let own = try comparisons(("codes", "chance"))
        let one = try #require(own.first)
        #expect(one.kind == .coders && one.latents == (4, 3) && one.paired == nil)
        #expect(abs(try #require(one.difference?.value) - 0.325) < 1e-12)
        let text = ComparisonTable(own).text
        #expect(text.contains("CODERS COMPARED (as in the paper's Table A10)") && text.contains("4, 3"))
        #expect(text.contains("latents of two coders are not the same"))
        let json = try ComparisonJSON.text(own)
        #expect(json.contains(#""paired":false"#) && !json.contains("outcomes"))
    }

    @Test func verdictsThatWereKeptDecideOnWhichWindowsNodesAreCompared() throws {
        try record([0.75, 0.5], of: "a")
        try record([0.5, 0.5], of: "b")
        func verdicts(_ answers: [Bool]) -> KeptVerdicts {
            KeptVerdicts(
                examples: answers.enumerated().map { index, isYes in
                    KeptVerdicts.Example(
                        tokens: [UInt32(index)], marked: [], isPositive: index < 2, block: nil, isYes: isYes)
                })
        }
        for (explainer, answers) in [("a", [true, true, true, false]), ("b", [true, false, true, false])] {
            let job = Fixture.score(1, 0, explainedBy: explainer).job
            try store.keep(verdicts: verdicts(answers).bytes, of: job)
        }
        let own = try #require(try comparisons(("a", "b")).first)
        #expect(own.windows == [.same: 1, .latent: 1])
        #expect(ComparisonTable([own]).text.contains("1 same, 1 latent"))
    }

    @Test func theReportSaysItToo() throws {
        try record([0.9, 0.8, 0.7, 0.9], of: "a")
        try record([0.6, 0.9, 0.6, 0.8], of: "b")
        try record([0.6, 0.9, 0.6, 0.8], "fuzzed", of: "a", method: "fuzzing")
        let report = try RunReport(directory: directory.state)
        #expect(report.nodeComparisons.map(\.kind) == [.explainers])
        let table = ReportTable(report: report, best: 0, width: 400).text
        #expect(table.contains("\n\nEXPLAINERS COMPARED (as in the paper's Table A8)\n"))
        let json = try ReportJSON.text(report)
        #expect(json.contains(#""comparisons":[{"a":"a","b":"b","common":"detected","#))
    }

    @Test func nothingToCompareIsSaidInOneLine() throws {
        try record([0.9, 0.8, 0.7, 0.9], of: "a")
        #expect(ComparisonTable(try comparisons()).text == "no two nodes have scores of the same latents")
        #expect(throws: ComparisonError.self) { try comparisons(method: "detection") }
        #expect(try ComparisonJSON.text([]) == #"{"comparisons":[],"v":1}"#)
    }

    @Test func settingsOfTheTopologyNameWhatNodesDifferIn() throws {
        try record([0.9, 0.8, 0.7, 0.9], of: "a")
        try record([0.6, 0.9, 0.6, 0.8], of: "b")
        try NodeSettings.note.write(
            [
                "a": NodeSettings(place: 1, type: "explain", fields: ["sampling": "top"]),
                "b": NodeSettings(place: 0, type: "explain", fields: ["sampling": "random"]),
            ], to: store)
        let own = try comparisons()
        #expect(own.map(\.kind) == [.samplers] && own.first?.nodes.a == "b")
        #expect(ComparisonTable(own).text.contains("\n  b, a: sampling random against top\n"))
    }
}
