import PipelineSheets
import Testing

@testable import Nodes

@Suite struct GraphPipelineSheetTests {
    private static let text = """
        version: 1
        name: tiny
        models: { subject: { path: ./model }, judge: { openai: "http://127.0.0.1:9/v1", model: m, api_key: !secret env:KEY } }
        sources:
          corpus: { type: kafka, brokers: "b:1", topics: [one] }
        stages:
          tokens: { type: tokenize, inputs: [corpus], model: subject }
          residual: { type: forward, inputs: [tokens], model: subject, hookpoints: [layers.1] }
          codes: { type: encode, inputs: [residual], hookpoint: layers.1, coder: ./coder }
          evidence: { type: reservoir, inputs: [codes] }
          words: { type: explain, explainer: lexical, inputs: [evidence] }
          judged: { type: score, method: detection, inputs: [words], model: judge }
        sinks:
          results: { type: kafka, inputs: [words, judged], topic: results }
          refused: { type: kafka, inputs: [corpus.rejected], topic: refused }

        """

    private func sheet() throws -> PipelineSheet {
        try TopologyText.graph(of: Self.text, environment: ["KEY": "hunter2"]).pipelineSheet(text: Self.text)
    }

    @Test func nodesAreThoseOfTheFileEachAfterWhatItReads() throws {
        let sheet = try sheet()
        #expect(sheet.topology == "tiny" && sheet.digest.count == 32 && sheet.run == nil)
        for (place, node) in sheet.nodes.enumerated() {
            let before = Set(sheet.nodes[..<place].map(\.id))
            #expect(sheet.edges.filter { $0.to == node.id }.allSatisfy { before.contains($0.from) }, "\(node.id)")
        }
        #expect(sheet.node("corpus")?.kind == .source && sheet.node("results")?.kind == .sink)
        #expect(sheet.node("words")?.operation == "explain lexical" && sheet.node("words")?.hasJobs == true)
        #expect(sheet.node("judged")?.models == ["judge"] && sheet.node("codes")?.hasJobs == false)
    }

    @Test func edgesSayWhatGoesAlongAndWhatIsCounted() throws {
        let edges = try sheet().edges
        func edge(_ from: String, _ to: String) -> PipelineEdge? { edges.first { $0.from == from && $0.to == to } }
        #expect(edge("corpus", "tokens")?.unit == "documents")
        #expect(edge("tokens", "residual")?.carries == "token contexts" && edge("tokens", "residual")?.unit == "tokens")
        #expect(edge("evidence", "words")?.unit == "updates" && edge("words", "judged")?.unit == "explanations")
        #expect(edge("corpus", "refused")?.port == "rejected" && edge("corpus", "refused")?.unit == "dead letters")
        #expect(edges.count == 9)
    }

    @Test func secretsAreNotInItsText() throws {
        let text = try #require(try sheet().text)
        #expect(!text.contains("hunter2") && text.contains("!secret env:KEY") && text.contains("type: reservoir"))
    }
}
