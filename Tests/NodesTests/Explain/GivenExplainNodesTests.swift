import Elements
import Foundation
import Running
import StateFixtures
import Store
import Testing

@testable import Nodes

/// Explainers that compute nothing: `loaded` and `none`.
@Suite(.timeLimit(.minutes(5))) struct GivenExplainNodesTests {
    private let planted: PlantedGraph
    private var path: String { planted.directory.path + "/said.jsonl" }

    init() throws { planted = try PlantedGraph() }

    private func explanations(_ fields: String) async throws -> [Explanation] {
        let built = try planted.built("  given: { type: explain, inputs: [evidence], \(fields) }\n")
        do {
            try await built.run()
        } catch {
            try await built.close()
            throw error
        }
        let explanations = try built.store.explanations(of: "given")
        try await built.close()
        return explanations.sorted { ($0.latent, $0.text) < ($1.latent, $1.text) }
    }

    private func write(_ lines: String...) throws {
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: path))
    }

    @Test func rowsOfAFileAreTakenAsTheyAreEachOnce() async throws {
        try write(
            #"{"index": 0, "description": "and", "explanationModelName": "gpt"}"#,
            #"{"latent": 2, "explanation": "ing"}"#, "", #"{"index": 0, "description": "also and"}"#)
        for _ in 0..<2 {
            let found = try await explanations("explainer: loaded, path: \(path)")
            #expect(found.map(\.latent) == [0, 0, 2] && found.map(\.text) == ["also and", "and", "ing"])
            #expect(found.map(\.provenance.model) == [nil, "gpt", nil])
            #expect(found.allSatisfy { $0.provenance.explainer == "loaded" && $0.provenance.shown.isEmpty })
        }
    }

    @Test func ofAFileOnlyTheNodesLatentsAreTaken() async throws {
        try write(#"{"index": 0, "description": "and"}"#, #"{"index": 1, "description": "is"}"#)
        #expect(try await explanations("explainer: loaded, path: \(path), latents: [1, 2]").map(\.latent) == [1])
    }

    @Test func nothingIsSaidOfTheNodesLatentsOnceTheyHaveFiredOftenEnough() async throws {
        let often = "explainer: none, latents: [0, 2]"
        // Each latent has fired in sixty windows.
        #expect(try await explanations("\(often), minimum_examples: 61").isEmpty)
        let found = try await explanations("\(often), minimum_examples: 60")
        #expect(found.map(\.latent) == [0, 2] && found.allSatisfy { $0.text.isEmpty && $0.predicate == nil })
        #expect(found.allSatisfy { $0.provenance.explainer == "none" })
    }

    @Test func aFileThatIsGoneIsNamed() async throws {
        let error = await #expect(throws: DaemonError.self) {
            try await explanations("explainer: loaded, path: \(path)")
        }
        #expect(error?.kind == .configuration)
        #expect(error?.description == "given: \(path) cannot be read; give a file of JSON lines")
    }

    @Test func aLatentThatTheCoderLacksIsNamedWithItsLine() async throws {
        try write(#"{"index": 0, "description": "and"}"#, #"{"index": 3, "description": "none"}"#)
        let error = await #expect(throws: DaemonError.self) {
            try await explanations("explainer: loaded, path: \(path)")
        }
        #expect(
            error?.description
                == "given: \(path): line 2 explains latent 3, but the coder has latents 0 to 2; give the file of this "
                + "coder")
    }
}
