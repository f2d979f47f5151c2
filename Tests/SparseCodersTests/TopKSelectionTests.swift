import TestSupport
import Testing

@testable import SparseCoders

@Suite struct TopKSelectionTests {
    /// Small whole numbers, so that there are many ties.
    @Test(arguments: [1, 2, 7, 64, 100])
    func sameAsSortingWithTies(k: Int) {
        var numbers = NumberStream(seed: UInt64(k))
        let (columns, latents) = (64, 100)
        let selection = TopKSelection(maximumColumns: columns, k: k)
        for _ in 0..<3 {
            let products = (0..<latents * columns).map { _ in Float(Int.random(in: -4...4, using: &numbers)) }
            let bias = (0..<latents).map { _ in Float(Int.random(in: -2...2, using: &numbers)) }
            let used = (0..<columns).filter { $0 % 5 != 0 }
            selection.begin(columns: columns, used: used)
            for range in [0..<31, 31..<99, 99..<100] {
                Array(products[range.lowerBound * columns..<range.upperBound * columns]).withUnsafeBufferPointer {
                    tile in
                    bias.withUnsafeBufferPointer { bias in
                        if let tile = tile.baseAddress, let bias = bias.baseAddress {
                            selection.take(tile, latents: range, bias: bias)
                        }
                    }
                }
            }
            for column in 0..<columns {
                let values = (0..<latents).map { products[$0 * columns + column] + bias[$0] }
                let expected = values.indices.filter { values[$0] > 0 }
                    .sorted { (-values[$0], $0) < (-values[$1], $1) }.prefix(k).sorted()
                var codes = SparseCodes()
                #expect(selection.finish(column: column, into: &codes) == nil)
                #expect(codes.latents.map { Int($0) } == (used.contains(column) ? expected : []))
                #expect(codes.activations == (used.contains(column) ? expected.map { values[$0] } : []))
            }
        }
    }
}
