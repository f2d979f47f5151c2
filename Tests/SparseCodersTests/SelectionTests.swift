import TestSupport
import Testing

@testable import SparseCoders

/// Small whole numbers, so that there are many ties, zeros, and values equal to their threshold.
@Suite struct SelectionTests {
    private let columns = 72
    private let latents = 120
    private let used = (0..<72).filter { $0 % 5 != 0 && $0 < 70 }

    /// Feeds tiles of odd sizes, some rounds one after the other, and compares every column.
    private func check(
        _ selection: any LatentSelection, seed: UInt64, bias: [Float], _ naive: ([Float]) -> [Int: Float]
    ) {
        var numbers = NumberStream(seed: seed)
        for round in 0..<3 {
            let products = (0..<latents * columns).map { _ in Float(Int.random(in: -4...4, using: &numbers)) }
            selection.begin(columns: columns, used: used)
            for range in [0..<31, 31..<32, 32..<99, 99..<120] {
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
                let expected =
                    used.contains(column) ? naive((0..<latents).map { products[$0 * columns + column] }) : [:]
                var codes = SparseCodes()
                #expect(selection.finish(column: column, into: &codes) == nil)
                #expect(codes.latents.map { Int($0) } == expected.keys.sorted(), "column \(column), round \(round)")
                #expect(codes.activations == expected.sorted { $0.key < $1.key }.map(\.value))
            }
        }
    }

    private func wholeNumbers(_ range: ClosedRange<Int>, seed: UInt64) -> [Float] {
        var numbers = NumberStream(seed: seed)
        return (0..<latents).map { _ in Float(Int.random(in: range, using: &numbers)) }
    }

    @Test func reluKeepsWhatIsPositive() {
        let bias = wholeNumbers(-3...3, seed: 1)
        check(ThresholdSelection(maximumColumns: 80, thresholds: nil, most: 120), seed: 2, bias: bias) { products in
            NaiveActivation.threshold(zip(products, bias).map(+), nil)
        }
    }

    @Test func jumpReLUKeepsWhatExceedsItsThreshold() {
        let bias = wholeNumbers(-3...3, seed: 3)
        let thresholds = wholeNumbers(-2...4, seed: 4)
        check(ThresholdSelection(maximumColumns: 72, thresholds: thresholds, most: 120), seed: 5, bias: bias) {
            products in NaiveActivation.threshold(zip(products, bias).map(+), thresholds)
        }
    }

    @Test func gatedKeepsPositiveMagnitudesBehindOpenGates() {
        let bias = wholeNumbers(-3...3, seed: 6)
        let (scales, biases) = (wholeNumbers(1...3, seed: 7), wholeNumbers(-3...3, seed: 8))
        check(GatedSelection(maximumColumns: 72, scales: scales, biases: biases, most: 120), seed: 9, bias: bias) {
            products in
            NaiveActivation.gated(
                gates: zip(products, bias).map(+),
                magnitudes: products.indices.map { products[$0] * scales[$0] + biases[$0] })
        }
    }

    @Test(arguments: [1, 2, 8, 40, 120])
    func groupMaxKeepsTheLargestOfEachGroup(groups: Int) {
        let bias = wholeNumbers(-4...1, seed: 10)
        let selection = GroupMaxSelection(maximumColumns: 72, groupSize: latents / groups, most: groups)
        check(selection, seed: UInt64(groups), bias: bias) { products in
            NaiveActivation.groupMax(zip(products, bias).map(+), groups: groups)
        }
    }

    @Test func aColumnHasNoMoreThanTheMost() {
        let bias = [Float](repeating: 0, count: latents)
        let products = (0..<latents).flatMap { latent in (0..<columns).map { $0 < latent ? Float(latent) : -1 } }
        let selection = ThresholdSelection(maximumColumns: 72, thresholds: nil, most: 60)
        selection.begin(columns: columns, used: Array(0..<columns))
        products.withUnsafeBufferPointer { products in
            bias.withUnsafeBufferPointer { bias in
                if let products = products.baseAddress, let bias = bias.baseAddress {
                    selection.take(products, latents: 0..<latents, bias: bias)
                }
            }
        }
        for column in 0..<columns {
            var codes = SparseCodes()
            let active = latents - 1 - column
            let fault = selection.finish(column: column, into: &codes)
            #expect(fault == (active > 60 ? .tooMany(active: active, most: 60) : nil))
            #expect(codes.latents.count == (active > 60 ? 0 : active))
        }
        #expect(selection.byteCount < 72 * 60 * 12 * 2 + 72 * 16 + 4096)
    }
}
