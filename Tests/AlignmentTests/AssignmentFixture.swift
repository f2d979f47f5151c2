import Alignment
import Elements
import Foundation
import TestSupport

/// What SciPy finds for two matrices, and the matrices, made again as `make_assignment.py` makes them.
struct AssignmentFixture: Decodable {
    let rows: Int
    let width: Int
    let seed: UInt64
    let mix: Int
    let total: Double
    let heldByCandidates: Int
    let columns: [Int]

    static func read() throws -> AssignmentFixture {
        try GoldenFiles.decode(
            AssignmentFixture.self, from: "alignment/assignment.json", keys: .convertFromSnakeCase)
    }

    var matrices: (a: Matrix, b: Matrix) {
        var state = seed
        func numbers() -> [Int] {
            (0..<rows * width).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int(Int16(truncatingIfNeeded: state >> 48))
            }
        }
        let (first, noise) = (numbers(), numbers())
        var (a, b) = (Matrix(rows: rows, columns: width), Matrix(rows: rows, columns: width))
        a.values = first.map(Float.init)
        for row in 0..<rows {
            let source = (row * 733 + 5) % rows
            for column in 0..<width {
                b.values[row * width + column] = Float(
                    first[source * width + column] * mix + noise[row * width + column] * (row / 4))
            }
        }
        return (a, b)
    }
}
