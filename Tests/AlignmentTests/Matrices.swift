import Alignment
import Elements
import TestSupport

extension NumberStream {
    mutating func matrix(_ rows: Int, _ columns: Int) -> Matrix {
        var matrix = Matrix(rows: rows, columns: columns)
        matrix.values = floats(rows * columns)
        return matrix
    }
}

extension DirectionRows {
    /// The rows of a matrix.
    init(_ matrix: Matrix) {
        self.init(count: matrix.rows, width: matrix.columns) { rows in
            var part = Matrix(rows: rows.count, columns: matrix.columns)
            part.values = Array(
                matrix.values[rows.lowerBound * matrix.columns..<rows.upperBound * matrix.columns])
            return part
        }
    }
}

/// Cosines of rows by definition, in double precision; 0 where a row is zeros.
func cosines(_ a: Matrix, _ b: Matrix) -> [[Double]] {
    func row(_ matrix: Matrix, _ index: Int) -> [Double] {
        matrix.values[index * matrix.columns..<(index + 1) * matrix.columns].map(Double.init)
    }
    func length(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    return (0..<a.rows).map { first in
        (0..<b.rows).map { second in
            let (x, y) = (row(a, first), row(b, second))
            let size = length(x) * length(y)
            return size == 0 ? 0 : zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } / size
        }
    }
}
