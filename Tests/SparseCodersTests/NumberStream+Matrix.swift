import Elements
import TestSupport

extension NumberStream {
    mutating func matrix(_ rows: Int, _ columns: Int) -> Matrix {
        var matrix = Matrix(rows: rows, columns: columns)
        matrix.values = floats(rows * columns)
        return matrix
    }
}
