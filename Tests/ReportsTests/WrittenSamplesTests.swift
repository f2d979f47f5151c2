import Elements
import Foundation
import StateFixtures
import Store
import Testing

@testable import Reports

@Suite struct WrittenSamplesTests {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func text(_ tokens: [String], _ activations: [Float], isMeant: Bool = true) -> WrittenText {
        WrittenText(tokens: tokens.map { Array($0.utf8) }, activations: activations, isMeant: isMeant)
    }

    private func lines(best: Int, width: Int = 80) throws -> [String] {
        try ReportTable(report: RunReport(directory: directory.state), best: best, width: width).text
            .components(separatedBy: "\n")
    }

    @Test func theStrongestAndTheWeakestTextStandBelowTheirScore() throws {
        let scores = [(1, 0.9), (2, 0.4)].map { Fixture.score($0, $1, method: "generation") }
        try store.record(scores: scores)
        let texts = WrittenTexts([
            text(["now", " it"], [0, 1.5]), text([" let", " me", "\n", "let"], [3.25, 0, 0, 2]),
            text(["nothing"], [0]), text(["a", " b"], [0, 0.5], isMeant: false),
            text(["\u{1b}[31mred", " let"], [0, 1], isMeant: false),
        ])
        try store.keep(verdicts: texts.bytes, of: scores[0].job)
        let lines = try lines(best: 2)
        let first = try #require(lines.firstIndex { $0.contains("codes/1 ") })
        #expect(
            lines[(first + 1)...(first + 3)] == [
                "    meant 3.25 << let>> me <<let>>", "    meant .00 nothing", "    other 1.00 [31mred<< let>>",
            ])
        // What was not kept is not shown.
        #expect(lines[first + 4].contains("codes/2 "))
        #expect(try self.lines(best: 0).allSatisfy { !$0.contains("meant") })
        // What models wrote cannot move a terminal's cursor.
        #expect(!lines.joined().unicodeScalars.contains("\u{1b}"))
    }

    @Test func linesAreNoWiderThanTheTable() throws {
        let score = Fixture.score(1, 0.9, method: "generation")
        try store.record(scores: [score])
        let long = text([String(repeating: "word ", count: 60)], [7])
        try store.keep(verdicts: WrittenTexts([long]).bytes, of: score.job)
        let line = try #require(try lines(best: 1).first { $0.hasPrefix("    meant") })
        #expect(line.count == 80 && line.hasSuffix("…"))
    }

    @Test func verdictsOfOtherMethodsAreNoTexts() throws {
        let score = Fixture.score(1, 0.9)
        try store.record(scores: [score])
        try store.keep(verdicts: [1, 0], of: score.job)
        #expect(try lines(best: 1).allSatisfy { !$0.contains("meant") })
    }
}
