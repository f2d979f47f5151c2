import Elements
import Explaining
import Foundation
import StateFixtures
import Store
import Testing

@testable import Interchange

@Suite struct NeuronpediaExportTests {
    private let state: ExportState

    init() throws { state = try ExportState() }

    private func lines(coder: String? = nil, source: String? = nil) throws -> [String] {
        let data = try NeuronpediaExport(state: state.directory.state, coder: coder)
            .lines(modelID: "gpt2-\"small\"", source: source)
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func aLineHasEveryFieldInNeuronpediasOrder() throws {
        let explanation = ExportState.explanation(1, latent: 7, "a \"b\"\tü\u{1}\\")
        try state.store.record(explanations: [explanation])
        let id = ExplanationFile.id(of: explanation.job)
        #expect(id.count == 25 && id.hasPrefix("c"))
        #expect(
            try lines() == [
                #"{"id":"\#(id)","modelId":"gpt2-\"small\"","layer":"layers.10","index":"7","#
                    + #""description":"a \"b\"\tü\u0001\\","authorId":"\#(ExplanationRow.botAuthor)","typeName":null,"#
                    + #""explanationModelName":null,"notes":null,"createdAt":"2026-11-23T12:04:31.120Z"}"#
            ])
        #expect(try lines(source: "6-res")[0].contains(#""layer":"6-res""#))
    }

    private func notes() throws -> [String?] {
        let data = try NeuronpediaExport(state: state.directory.state, coder: nil).lines(modelID: "m", source: nil)
        return try ExplanationFile.read(data, latents: Fixture.coder.latents).map(\.notes)
    }

    @Test func notesHaveTheFigureOfEachScorerThatGaveOne() throws {
        let explanation = ExportState.explanation(1, latent: 7, "dates")
        let other = ExportState.explanation(2, latent: 8, "names")
        try state.store.record(
            explanations: [explanation, other],
            scores: [
                ExportState.score(5, of: explanation, node: "b", method: "detection").with { $0.failed = 2 },
                ExportState.score(6, of: explanation, node: "a", method: "execution"),
                ExportState.score(7, of: explanation, node: "c", method: "fuzzing").with { $0.headline = nil },
                ExportState.score(8, of: explanation, node: "d").with { $0.control = "shuffled" },
                ExportState.score(9, of: other, node: "c", method: "fuzzing").with { $0.headline = nil },
            ])
        #expect(
            try notes() == [
                "gloss execution=.75 [.65–.85] n=40 f=0; detection=.75 [.65–.85] n=40 f=2", nil,
            ])
    }

    @Test func aLaterRoundsFigureTakesThePlaceOfTheEarlier() throws {
        let explanation = ExportState.explanation(1, latent: 7, "dates")
        func round(_ number: UInt64, _ value: Double, epoch: UInt64) -> Score {
            ExportState.score(number, of: explanation).with {
                $0.headline = Estimate(value: value, lower: value, upper: value, count: 9)
            }.noted(in: ScoringRound(epoch: epoch, windowsFired: 9, recent: []))
        }
        try state.store.record(explanations: [explanation], scores: [round(5, 0.5, epoch: 9), round(6, 0.9, epoch: 2)])
        #expect(try notes() == ["gloss detection=.50 [.50–.50] n=40 f=0"])
    }

    @Test func allExplanationsThatStandAreWrittenByLatent() throws {
        let again = ExplainedAgain(standing: Fixture.hash(1), reason: .grown)
        var challenger = ExportState.explanation(4, latent: 9, "challenger", epoch: 2)
        challenger.provenance.again = again
        try state.store.record(explanations: [
            ExportState.explanation(1, latent: 9, "names"), ExportState.explanation(2, latent: 3, "dates"),
            ExportState.explanation(3, latent: 9, "days", node: "lexical"), challenger,
            ExportState.explanation(5, latent: 4, ""),
        ])
        let rows = try lines().map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(rows.map { $0["index"] as? String } == ["3", "9", "9"])
        #expect(rows.map { $0["description"] as? String } == ["dates", "days", "names"])
        #expect(Set(rows.compactMap { $0["id"] as? String }).count == 3)
    }
}
