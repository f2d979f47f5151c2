import LinearAlgebra
import Testing

@Suite struct MatrixProductTests {
    static let shapes = [(1, 1, 1), (3, 5, 7), (8, 16, 32), (31, 33, 65), (64, 63, 129), (70, 101, 577)]

    @Test(arguments: shapes) func productEqualsItsDefinition(rows: Int, columns: Int, depth: Int) {
        let a = numbers(rows * depth, seed: 1)
        let b = numbers(columns * depth, seed: 2)
        var c = [Float](repeating: .nan, count: rows * columns)
        multiply(a, transposed: b, into: &c, rows: rows, columns: columns, depth: depth)
        let expected = Naive.product(a, b, rows: rows, columns: columns, depth: depth)
        #expect(relativeError(c, expected) < 1e-6)
    }

    @Test func accumulatingAddsToWhatIsThere() {
        let a = numbers(6 * 9, seed: 3)
        let b = numbers(5 * 9, seed: 4)
        let before = numbers(6 * 5, seed: 5)
        var c = before
        multiply(a, transposed: b, into: &c, rows: 6, columns: 5, depth: 9, accumulate: true)
        let expected = zip(Naive.product(a, b, rows: 6, columns: 5, depth: 9), before).map { $0 + Double($1) }
        #expect(relativeError(c, expected) < 1e-6)
    }

    @Test func stridesSelectPartsOfWiderMatrices() {
        let (rows, columns, depth, stride) = (7, 6, 5, 11)
        let a = numbers(rows * stride, seed: 6)
        let b = numbers(columns * stride, seed: 7)
        var c = [Float](repeating: 42, count: rows * stride)
        multiply(
            a, stride: stride, transposed: b, stride: stride, into: &c, stride: stride, rows: rows, columns: columns,
            depth: depth)
        func dense(_ x: [Float], _ rows: Int) -> [Float] {
            (0..<rows).flatMap { x[($0 * stride)..<($0 * stride + depth)] }
        }
        let expected = Naive.product(dense(a, rows), dense(b, columns), rows: rows, columns: columns, depth: depth)
        let found = (0..<rows).flatMap { c[($0 * stride)..<($0 * stride + columns)] }
        #expect(relativeError(found, expected) < 1e-6)
        let outside = (0..<rows).flatMap { c[($0 * stride + columns)..<(($0 + 1) * stride)] }
        #expect(outside.allSatisfy { $0 == 42 })
    }

    @Test func emptyProductsTouchNothing() {
        var c: [Float] = [7]
        multiply([1], transposed: [1], into: &c, rows: 0, columns: 1, depth: 1)
        multiply([1], transposed: [1], into: &c, rows: 1, columns: 0, depth: 1)
        #expect(c == [7])
        multiply([1], transposed: [1], into: &c, rows: 1, columns: 1, depth: 0)
        #expect(c == [0])
    }
}
