import Foundation
import StateFixtures
import Testing
import Topology

@testable import Nodes

/// Faults of models, and of the order in which faults are found: each by its text, its place and its remedy.
@Suite struct GraphDiagnosticsTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try TinyModel.write(to: directory.path + "/model")
    }

    private var folder: String { directory.path }

    private func endpoint(_ name: String, _ rest: String = "", mark: String = "") -> String {
        "  \(name): { openai: \(mark)\"http://127.0.0.1:9/v1\", model: e\(rest) }"
    }

    private static let noPrice = "give it `price_input` and `price_output`, 0 where it costs nothing"

    @Test func aBudgetOfMoneyNeedsThePriceOfEveryServer() throws {
        let topology = MarkedTopology(
            in: folder, header: "budget: { cost: 20 }",
            models: [endpoint("b", mark: "▸"), endpoint("c", ", price_input: 3"), endpoint("a")]
                .joined(separator: "\n").replacing("a: { openai: ", with: "a: { openai: ▸"))
        let text = "`budget` bounds the cost, but model "
        // By name, as the models of a topology have no order of their own.
        #expect(
            try topology.diagnostics()
                == topology.expected(
                    (.missingPrice, text + "b has no price", Self.noPrice),
                    (.missingPrice, text + "a has no price", Self.noPrice)
                ).reversed())
    }

    @Test(arguments: ["", "budget: { tokens: 1000 }", "budget: {}"])
    func withoutABudgetOfMoneyNoPriceIsNeeded(header: String) throws {
        #expect(try MarkedTopology(in: folder, header: header, models: endpoint("b")).diagnostics() == [])
    }

    @Test func nothingIsAPriceAndAModelInThisProcessNeedsNone() throws {
        let topology = MarkedTopology(
            in: folder, header: "budget: { cost: 0.5, tokens: 9 }", models: endpoint("b", ", price_input: 0"))
        #expect(try topology.diagnostics() == [])
    }

    @Test func aModelThatIsNotThereIsNamedWithTheFolderThatPathsStartFrom() throws {
        let topology = MarkedTopology(in: folder, subject: "{ path: ▸./absent/model, bos: none }")
        // What would follow from it, such as hookpoints that cannot be looked up, is not reported too.
        #expect(
            try topology.diagnostics()
                == topology.expected(
                    (
                        .missingFile, "model subject: there is no file ./absent/model",
                        "paths are relative to the working directory, \(FileManager.default.currentDirectoryPath)"
                    )))
    }

    @Test func aModelThatNoNodeNamesIsLookedAtToo() throws {
        let topology = MarkedTopology(in: folder, models: "  spare: { path: ▸\(folder)/spare }")
        #expect(try topology.diagnostics().map(\.message) == ["model spare: there is no file \(folder)/spare"])
        #expect(try topology.diagnostics().map(\.mark) == topology.marks)
    }

    @Test func aTokenizerOfAnotherModelIsRefused() throws {
        let path = folder + "/model/tokenizer.json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let tokens = (0..<300).map { #"{"id": \#(600 + $0), "content": "<|t\#($0)|>", "special": true}"# }
        let larger = text.replacing(
            "\"added_tokens\": [", with: "\"added_tokens\": [" + tokens.joined(separator: ", ") + ", ")
        try larger.write(toFile: path, atomically: true, encoding: .utf8)
        let topology = MarkedTopology(in: folder, subject: "{ path: ▸\(folder)/model, bos: none }")
        let found = try topology.diagnostics()
        #expect(found.map(\.code) == ["E602"] && found.map(\.mark) == topology.marks)
        let message = try #require(found.first?.message)
        #expect(message.hasPrefix("model subject: ") && message.contains("tokenizer.json"))
        #expect(message.contains("at most 512, one for each row of the model's embedding"))
    }

    @Test func aModelBehindAnEndpointCannotBeTheSubject() throws {
        let topology = MarkedTopology(in: folder, forward: "model: ▸far")
        #expect(
            try topology.diagnostics()
                == topology.expected(
                    (
                        .badModel, "residual needs the weights of model far, which is behind an endpoint",
                        "give it a `path`"
                    )))
    }

    @Test func aModelBehindAnEndpointHasNoTokenizerHere() throws {
        let topology = MarkedTopology(in: folder, tokens: "model: ▸far")
        #expect(
            try topology.diagnostics()
                == topology.expected(
                    (
                        .badModel, "tokens needs the tokenizer of model far, which is behind an endpoint",
                        "give it a `path`"
                    )))
    }

    @Test func aCacheNeedsATokenizerAndAFolderBoth() throws {
        let topology = MarkedTopology(
            """
            version: 1
            name: tiny
            models: { far: { openai: "http://127.0.0.1:9/v1", model: e } }
            sources: { cached: { type: delphi_cache, path: ▸\(folder), hookpoint: layers.10, model: ▸far } }
            stages: { evidence: { type: reservoir, inputs: [cached] } }

            """)
        let found = try topology.diagnostics()
        #expect(found.map(\.code) == ["E210", "E602"] && found.map(\.mark) == topology.marks.reversed())
        #expect(found.first?.message == "cached needs the tokenizer of model far, which is behind an endpoint")
        #expect(found.last?.message.hasPrefix("cached: \(folder)") == true)
    }

    @Test func modelsComeBeforeNodesAndNodesAfterWhatTheyRead() throws {
        let topology = MarkedTopology(
            in: folder, models: "  spare: { path: ▸\(folder)/spare }",
            corpus: "{ type: file, path: ▸\(folder)/corpus }",
            encode: "hookpoint: ▸layers.2, coder: ▸\(folder)/coder",
            stages: """
                  asked: { type: score, method: detection, model: far, inputs: ▸[late, run] }
                  run: { type: score, method: execution, inputs: [late], negatives: ▸[lexical] }
                  late: { type: explain, explainer: lexical, inputs: [evidence] }
                """)
        let found = try topology.diagnostics()
        #expect(found.map(\.code) == ["E601", "E601", "E601", "E610", "E608"])
        let marks = topology.marks
        // A folder that is not there ends the look at a coder, before that at its hookpoint.
        #expect(found.map(\.mark) == [marks[0], marks[1], marks[3], marks[5], marks[4]])
    }

    @Test func everyFaultOfACoderIsReportedAtOnce() throws {
        try TinyModel.writeCoder(width: 32, to: folder + "/coder")
        let topology = MarkedTopology(in: folder, encode: "coder: ▸\(folder)/coder, hookpoint: ▸layers.2")
        let found = try topology.diagnostics()
        #expect(found.map(\.code) == ["E604", "E603"])
        #expect(found.map(\.mark) == topology.marks.reversed())
        #expect(found.last?.help == "it was trained on another model or hookpoint")
    }

    @Test func aHookpointThatNeuronsReadInVainIsReportedOnce() throws {
        let topology = MarkedTopology(in: folder, encode: "coder: neurons, hookpoint: ▸layers.7")
        #expect(
            try topology.diagnostics()
                == topology.expected(
                    (.missingHookpoint, "codes reads layers.7, but residual gives only layers.0, layers.1", nil)))
    }

    @Test func findingsKeepTheirOrderAndKnowHowBadTheyAre() {
        var findings = NodeFindings(file: "x.yaml")
        let mark = SourceMark(line: 9, column: 2)
        findings.report(.unknownPlace, mark, "second", help: "do this")
        findings.report(.badFile, SourceMark(line: 1, column: 1), "first")
        #expect(findings.diagnostics.map(\.message) == ["second", "first"])
        #expect(findings.diagnostics.map(\.severity) == [.warning, .error])
        #expect(findings.diagnostics.map(\.help) == ["do this", nil])
        #expect(findings.diagnostics.first?.mark == mark && findings.diagnostics.first?.file == "x.yaml")
    }
}
