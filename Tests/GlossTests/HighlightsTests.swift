import Foundation
import LatentSheets
import Testing

@testable import gloss

@Suite struct HighlightsTests {
    /// A latent with one description and one score.
    private func row(
        _ latent: Int, _ label: String, _ value: Double, control: Double? = 0.5, judged: Int = 200,
        doubts: [String] = [], coder: String = "codes", density: Double = 0.001
    ) throws -> LatentRow {
        func figure(_ name: String, _ value: Double) -> [String: Any] {
            ["name": name, "value": value, "lower": value - 0.05, "upper": value + 0.05, "count": judged]
        }
        var score: [String: Any] = [
            "node": "executed", "method": "execution", "job": "\(latent)", "headline": figure("headline", value),
            "judged": judged, "failed": 0, "chance": 0.5, "doubts": doubts, "details": [],
        ]
        if let control { score["control"] = figure("shuffled", control) }
        let row: [String: Any] = [
            "coder": coder, "latent": latent, "state": "scored", "label": label,
            "labels": [["node": "lexical", "text": label]], "density": density, "maximum": 1,
            "scores": [["node": "executed", "explainedBy": "lexical", "score": score]],
        ]
        return try JSONDecoder().decode(LatentRow.self, from: JSONSerialization.data(withJSONObject: row))
    }

    private func chosen(_ rows: [LatentRow], count: Int = 10) -> [Int] {
        Highlights.chosen(among: rows, without: ["chance"], count: count).map(\.row.latent)
    }

    @Test func thoseFarthestAboveTheirControlsComeFirst() throws {
        let rows = [
            try row(1, "Contains \"one\".", 0.8), try row(2, "Contains \"two\".", 0.95, control: 0.85),
            try row(3, "Contains \"three\".", 0.9),
        ]
        #expect(chosen(rows) == [3, 1, 2])
        #expect(chosen(rows, count: 1) == [3])
    }

    @Test func whatIsInDoubtRestsOnLittleFiresEverywhereOrIsAControlIsLeftOut() throws {
        let rows = [
            try row(1, "Contains \"one\".", 0.9, doubts: ["its control is as high (.95)"]),
            try row(2, "Contains \"two\".", 0.9, judged: 4), try row(3, "Contains \"three\".", 0.9, density: 0.2),
            try row(4, "Contains \"four\".", 0.9, coder: "chance"), try row(5, "Contains \"five\".", 0.52),
            try row(6, "Contains \"six\".", 0.9),
        ]
        #expect(chosen(rows) == [6])
    }

    @Test func eachIsAboutSomethingElse() throws {
        let rows = [
            try row(1, "Contains \"the\" or \"a\".", 0.95), try row(2, "Contains \"a\".", 0.9),
            try row(3, "dates in ISO format", 0.85), try row(4, "a format of dates", 0.8),
        ]
        #expect(chosen(rows) == [1, 3])
        #expect(Highlights.subjects(of: "Contains \"·the\" after the word \"of\".") == ["·the", "of"])
        #expect(Highlights.subjects(of: "Words that name months") == ["name", "months"])
    }

    @Test func whatIsTypicalIsTheMedianOfTheMethodWithMostScores() throws {
        let rows = try [0.6, 0.7, 0.9].enumerated().map { try row($0.offset, "\"\($0.offset)\"", $0.element) }
        #expect(
            Highlights.typical(of: rows + [try row(9, "\"nine\"", 0.1, coder: "chance")], without: ["chance"])
                == Highlights.Typical(method: "execution", count: 3, value: 0.7, control: 0.5))
        #expect(Highlights.typical(of: [], without: []) == nil)
    }

    @Test(arguments: [60, 80, 120])
    func theyAreToldInPlainWordsNoWiderThanTheTerminal(width: Int) throws {
        let row = try row(1250, "Contains a line end, but not the word \"for\" written so after punctuation.", 0.93)
        let choices = Highlights.chosen(among: [row], without: [], count: 3)
        let printer = HighlightPrinter(width: width, form: .plain, address: "http://127.0.0.1:8080/")
        let lines =
            printer.head(of: choices, explained: 7, typical: Highlights.typical(of: [row], without: []))
            + choices.flatMap { printer.lines(of: $0, nil, place: 1) }
        let text = lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
        #expect(
            text.contains("right about 93 % of 200 passages [88–98 %]; chance 50 %; another latent's description 50 %"))
        #expect(text.contains("1 of the 7 latents") && text.contains("http://127.0.0.1:8080/l/codes/1250"))
        #expect(lines.allSatisfy { $0.count <= width })
        #expect(
            printer.head(of: [], explained: 7, typical: nil).joined(separator: " ").contains("None of the 7 latents"))
    }
}
