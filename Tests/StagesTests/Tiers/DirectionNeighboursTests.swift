import SparseCoders
import StateFixtures
import Testing

@testable import Stages

@Suite struct DirectionNeighboursTests {
    /// More rows than are read at once, of small whole numbers, so that cosines are far apart or equal.
    private func rows(_ count: Int) -> [[Float]] {
        var state: UInt64 = 11
        return (0..<count).map { _ in
            (0..<6).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Float(Int(state >> 33) % 9 - 4)
            }
        }
    }

    @Test func theNearestAreThoseThatComparingAllPairsFinds() throws {
        let rows = rows(5000)
        func cosine(_ first: [Float], _ second: [Float]) -> Double {
            func product(_ first: [Float], _ second: [Float]) -> Double {
                zip(first, second).reduce(0) { $0 + Double($1.0) * Double($1.1) }
            }
            let lengths = (product(first, first) * product(second, second)).squareRoot()
            return lengths > 0 ? product(first, second) / lengths : 0
        }
        let asked = [0, 17, 4095, 4096, 4999]
        let found = try DirectionNeighbours(coder: .directions(rows), count: 8).neighbours(of: asked)
        for latent in asked {
            let near = try #require(found[latent])
            let cosines = rows.indices.filter { $0 != latent }.map { cosine(rows[latent], rows[$0]) }
            let best = cosines.sorted(by: >).prefix(8)
            // Rows that are multiples of one another tie but for rounding, so cosines are compared and not numbers.
            for (latents, cosine) in zip(near.map({ cosine(rows[latent], rows[$0]) }), best) {
                #expect(abs(latents - cosine) < 1e-6)
            }
            #expect(near.count == 8 && Set(near).count == 8 && !near.contains(latent))
        }
    }

    @Test func directionsThatPointAwayOrNowhereAreNoNeighbours() throws {
        let neighbours = DirectionNeighbours(
            coder: .directions([[1, 0], [-1, 0], [0, 1], [0, 0], [2, 2], [3, 0], [4, 0]]), count: 3)
        let found = try neighbours.neighbours(of: [0, 1, 3])
        // Of equal cosines the lower latent is first.
        #expect(found == [0: [5, 6, 4], 1: [], 3: []])
        #expect(try neighbours.neighbours(of: [0, 2, 0]) == [0: [5, 6, 4], 2: [4]])
    }

    @Test func aLatentThatDoesNotExistIsAnError() {
        let neighbours = DirectionNeighbours(coder: .directions([[1, 0], [0, 1]]), count: 3)
        #expect(throws: CoderError.self) { try neighbours.neighbours(of: [0, 2]) }
    }
}
