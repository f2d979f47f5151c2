import LatentSheets
import Testing

@testable import Nodes

/// What a topology's files tell of the latents of a coder.
@Suite struct OpenedCoderTests {
    private let fixture: GraphFixture

    init() throws { fixture = try GraphFixture() }

    @Test func explanationsAreComparedOfTheLatentsThatScoreNodesTake() throws {
        let graph = try fixture.graph(
            stages: """
                  words: { type: explain, explainer: lexical, inputs: [evidence] }
                  other: { type: explain, explainer: lexical, inputs: [evidence] }
                  alone: { type: explain, explainer: lexical, inputs: [evidence] }
                  some: { type: score, method: execution, inputs: [words], latents: [1, 2] }
                  more: { type: score, method: execution, inputs: [words], latents: [2, 3] }
                  every: { type: score, method: execution, inputs: [other] }

                """)
        let coder = try #require(try graph.knownCoders().first)
        #expect(coder.reexplained["words"]?.compared == .only([1, 2, 3]))
        #expect(coder.reexplained["other"]?.compared == .all)
        #expect(coder.reexplained["alone"]?.compared == .only([]))
    }
}
