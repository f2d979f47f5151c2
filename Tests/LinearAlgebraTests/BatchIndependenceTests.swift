import LinearAlgebra
import Testing

@Suite struct BatchIndependenceTests {
    /// Whether one row gives the same bits at each position of one product.
    static func isPositionIndependent(rows: Int, columns: Int, depth: Int) -> Bool {
        let row = numbers(depth, seed: 5)
        let weights = numbers(columns * depth, seed: 6)
        var product = [Float](repeating: 0, count: rows * columns)
        let kernels = VectorKernels.best
        var panels = [Float](repeating: 0, count: kernels.panelCount(rows: columns, depth: depth))
        kernels.pack(.f32, weights, rowBytes: 4 * depth, rows: columns, depth: depth, into: &panels)
        kernels.multiply(
            (0..<rows).flatMap { _ in row }, stride: depth, panels: panels, packedDepth: depth, into: &product,
            stride: columns, rows: rows, columns: columns, depth: depth)
        let first = product[..<columns].map(\.bitPattern)
        return (0..<rows).allSatisfy { product[($0 * columns)..<(($0 + 1) * columns)].map(\.bitPattern) == first }
    }

    @Test(arguments: [(64, 64), (160, 64), (7, 33), (960, 576), (576, 1536)])
    func theProbeAgreesWithOtherNumbers(columns: Int, depth: Int) {
        let mode = BatchIndependence.probe(columns: columns, depth: depth)
        let isIndependent = [1, 5, 17, 64, 71, 193, 256].allSatisfy {
            Self.isPositionIndependent(rows: $0, columns: columns, depth: depth)
        }
        #expect((mode == .ragged) == isIndependent)
    }

    @Test func severalShapesAreRaggedOnlyTogether() {
        let shapes = [(columns: 64, depth: 64), (columns: 96, depth: 64)]
        let each = shapes.map { BatchIndependence.probe(columns: $0.columns, depth: $0.depth) }
        #expect(BatchIndependence.probe(shapes: shapes) == (each.contains(.perContext) ? .perContext : .ragged))
        #expect(BatchIndependence.probe(shapes: []) == .ragged)
        #expect(BatchIndependence.probe(columns: 0, depth: 5) == .ragged)
    }
}
