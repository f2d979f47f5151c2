import Elements
import WeightFiles

/// Reference values made by the libraries that trained the coders.
enum Golden {
    /// A tensor as a matrix of all dimensions but the last by the last.
    static func matrix(_ name: String, in file: String) throws -> Matrix {
        guard let tensor = try SafetensorsFile(path: file).tensors[name],
            let matrix = Matrix(rows: tensor.rows, columns: tensor.columns, values: try tensor.floats())
        else { throw Missing(name: name, file: file) }
        return matrix
    }

    struct Missing: Error {
        let name: String
        let file: String
    }
}
