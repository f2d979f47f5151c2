import LinearAlgebra
import TestSupport
import Testing

@testable import SparseCoders

@Suite struct TilingTests {
    @Test(arguments: [(4096, 576), (100, 64), (513, 7)])
    func tokensAtThePlacesHaveTheSameBitsInEveryLayout(latents: Int, width: Int) {
        let tiling = Tiling(latents: latents, inputWidth: width)
        var numbers = NumberStream(seed: 6)
        let rows = min(latents, Tiling.tileLatents)
        let weights = numbers.floats(rows * width)
        let token = numbers.floats(width)
        var reference: [UInt32] = []
        for layout in tiling.layouts {
            #expect(!layout.places.isEmpty && layout.places == layout.places.sorted())
            var inputs = numbers.floats(layout.columns * width)
            for place in layout.places { inputs.replaceSubrange(place * width..<(place + 1) * width, with: token) }
            var products = [Float](repeating: 0, count: rows * layout.columns)
            multiply(
                weights, transposed: inputs, into: &products, rows: rows, columns: layout.columns, depth: width)
            for place in layout.places {
                let bits = (0..<rows).map { products[$0 * layout.columns + place].bitPattern }
                if reference.isEmpty { reference = bits }
                #expect(bits == reference, "place \(place) of \(layout.columns)")
            }
        }
    }

    @Test(arguments: [(4096, 576), (131_072, 64), (16_384, 48)])
    func mostPlacesOfALargeLayoutAreUsed(latents: Int, width: Int) throws {
        let largest = try #require(Tiling(latents: latents, inputWidth: width).layouts.last)
        #expect(largest.columns >= 320)
        #expect(largest.places.count * 10 >= largest.columns * 9)
    }

    @Test func fewColumnsAreSpentOnFewTokens() {
        let tiling = Tiling(latents: 4096, inputWidth: 576)
        for tokens in [1, 40, 100, 305, 1000, 5000] {
            var rest = tokens
            var columns = 0
            while rest > 0 {
                let layout = tiling.layout(tokens: rest)
                columns += layout.columns
                rest -= min(layout.places.count, rest)
            }
            #expect(columns <= tokens * 4 / 3 + 128, "\(columns) columns for \(tokens) tokens")
        }
    }
}
