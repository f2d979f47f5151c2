import Observability
import Running
import Shuffle
import Testing

@testable import Nodes

/// What a topology tells of the work that explain and score nodes will have.
@Suite struct GraphExpectationTests {
    private let fixture: GraphFixture

    init() throws { fixture = try GraphFixture() }

    @Test func jobsControlsAndWhatDoesThemAreThoseOfTheFile() throws {
        let graph = try fixture.graph(
            stages: """
                  words: { type: explain, explainer: lexical, inputs: [evidence], latents: { sample: 10, seed: 1 } }
                  prose: { type: explain, explainer: default, model: far, inputs: [evidence], latents: { sample: 6, seed: 1 } }
                  executed: { type: score, method: execution, inputs: [words] }
                  judged: { type: score, method: detection, model: far, inputs: [words, prose], latents: { sample: 4, seed: 1 } }
                  here: { type: score, method: fuzzing, model: subject, inputs: [words], controls: 3 }

                """)
        let expected = graph.expectedWork()
        #expect(Set(expected.keys) == ["words", "prose", "executed", "judged", "here"])
        let words = try #require(expected["words"])
        #expect(words.jobs == 10 && words.controls == 0 && words.explainers.isEmpty && words.seconds != nil)
        #expect(expected["prose"]?.jobs == 6 && expected["prose"]?.seconds == nil)
        // Whatever asks no model has a control beside each score.
        let executed = try #require(expected["executed"])
        #expect(executed.jobs == 10 && executed.controls == 10 && executed.explainers == ["words"])
        // Of each explainer four, and at most eight controls.
        let judged = try #require(expected["judged"])
        #expect(judged.jobs == 8 && judged.controls == 8 && judged.explainers == ["prose", "words"])
        // A server holds nobody up that asks another one; the cores of this machine do.
        #expect(judged.model == nil && executed.model == nil)
        let here = try #require(expected["here"])
        #expect(here.jobs == 10 && here.controls == 3 && here.model != nil)
    }

    @Test func anOwnerHasTheWorkOfItsLatentsAndAReaderOfTheCorpusNone() throws {
        let graph = try fixture.graph(
            stages: """
                  words: { type: explain, explainer: lexical, inputs: [evidence], latents: { sample: 10, seed: 1 } }
                  executed: { type: score, method: execution, inputs: [words] }
                shuffle: { brokers: "b:1", topic: told, shards: 4 }

                """)
        let owners = (0..<4).map { graph.expectedWork(in: .evidence(OwnedShards(ordinal: $0, of: 4))) }
        for node in ["words", "executed"] {
            let jobs = owners.map { $0[node]?.jobs ?? 0 }
            #expect(jobs.reduce(0, +) == 10 && jobs.allSatisfy { $0 < 10 }, "\(jobs)")
        }
        #expect(graph.expectedWork(in: .ingest(OwnedShards(ordinal: 0, of: 4))).isEmpty)
    }
}
