import Elements
import Scoring
import Testing

@testable import Stages

@Suite struct SemanticIndexTests {
    private func embedding(_ vector: Float...) -> TextEmbedding { TextEmbedding(vector: vector, tokens: 1) }

    @Test func similaritiesAreTheCosinesOfEachQueryWithEachWindow() throws {
        let windows = [embedding(1, 0), embedding(0, 1), embedding(0.6, 0.8)]
        let queries = [embedding(0, 1), embedding(0.8, -0.6)]
        let matrix = try SemanticIndex(windows).similarities(of: queries)
        #expect(matrix.rows == 2 && matrix.columns == 3)
        let expected = queries.flatMap { query in windows.map { Float(query.cosine($0)) } }
        #expect(zip(matrix.values, expected).allSatisfy { abs($0 - $1) < 1e-6 } && matrix.values.count == 6)
    }

    @Test func queriesOfAnotherWidthAreLikeNothing() throws {
        let index = try SemanticIndex([embedding(1, 0), embedding(0, 1)])
        for queries in [[], [embedding(1)], [embedding(1, 0), embedding(1, 0, 0)]] {
            let matrix = index.similarities(of: queries)
            #expect(matrix.rows == 0 && matrix.columns == 2)
        }
        #expect(index.residentBytes >= 16)
        #expect(try SemanticIndex([]).similarities(of: [embedding(1)]).columns == 0)
    }

    @Test func vectorsOfSeveralWidthsAreRefused() {
        let error = #expect(throws: ScoringError.self) { try SemanticIndex([embedding(1, 0), embedding(1)]) }
        #expect(
            error?.description
                == "unsupported: the encoder gave vectors of several widths; give one that has one")
    }
}
