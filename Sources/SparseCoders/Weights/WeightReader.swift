import Hashing
import WeightFiles

/// Reads the tensors of one file, checks them, and hashes what it reads.
struct WeightReader {
    private let path: String
    private let tensors: [String: Tensor]
    private var unread: Set<String>
    private var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)

    /// Opens a file; the purpose sets coders apart whose equal weights mean different things.
    init(
        file path: String, purpose: String,
        open: (String) throws(WeightFileError) -> [String: Tensor] = { path throws(WeightFileError) in
            try SafetensorsFile(path: path).tensors
        }
    ) throws(CoderError) {
        do throws(WeightFileError) {
            tensors = try open(path)
        } catch {
            throw CoderError(error, file: path)
        }
        self.path = path
        unread = Set(tensors.keys)
        hasher.update(text: purpose)
    }

    /// Opens a file of PyTorch's.
    init(pyTorchFile path: String, purpose: String) throws(CoderError) {
        try self.init(file: path, purpose: purpose) { path throws(WeightFileError) in
            try PyTorchArchive(path: path).tensors
        }
    }

    /// Whether the file has a tensor of a name.
    func has(_ name: String) -> Bool { tensors[name] != nil }

    /// The number of a tensor's values; 0 if it is not there.
    func count(of name: String) -> Int { tensors[name]?.count ?? 0 }

    /// Whether a tensor has a dimension, if only of one value.
    func isVector(_ name: String) -> Bool { tensors[name]?.shape.isEmpty == false }

    /// The value of an integer tensor of one.
    mutating func readInteger(_ name: String) throws(CoderError) -> Int {
        let values: [Int32]
        do throws(WeightFileError) {
            values = try tensors[name]?.integers() ?? []
        } catch {
            throw CoderError(error, file: path)
        }
        guard values.count == 1, let value = values.first else {
            throw fault(name, found: "\(values.count) values", expected: "one whole number")
        }
        ignore(name)
        return Int(value)
    }

    /// The shape of a tensor, if it is there and has `dimensions` dimensions.
    func shape(of name: String, dimensions: Int) throws(CoderError) -> [Int] {
        let expected = "\(dimensions) dimensions, none empty"
        guard let shape = tensors[name]?.shape else { throw missing(name, expected: expected) }
        guard shape.count == dimensions, shape.allSatisfy({ (1...Int(Int32.max)).contains($0) }) else {
            throw .tensor(file: path, tensor: name, found: "shape \(shape)", expected: expected)
        }
        return shape
    }

    /// Adds a setting to the hash.
    mutating func note(setting: String, _ value: UInt64) {
        hasher.update(text: setting)
        hasher.update(value)
    }

    /// Adds a setting to the hash.
    mutating func note(setting: String, _ value: String) {
        hasher.update(text: setting)
        hasher.update(text: value)
    }

    /// Passes over a tensor that says nothing of the codes.
    mutating func ignore(_ name: String) { unread.remove(name) }

    /// Passes over factors that are all 1.
    ///
    /// - Throws: `CoderError.tensor` if one is not.
    mutating func expectOnes(_ name: String) throws(CoderError) {
        let values = try read(name, shape: tensors[name]?.shape ?? [])
        guard values.allSatisfy({ abs($0 - 1) <= 1e-5 }) else {
            throw fault(name, found: "factors other than 1", expected: "ones")
        }
    }

    /// Checks that every tensor of the file was read: one that was not may change what the others mean.
    func finish() throws(CoderError) {
        guard let name = unread.min() else { return }
        throw .tensor(
            file: path, tensor: name, found: "a tensor that this kind of coder does not have",
            expected: "only those that were read, "
                + tensors.keys.filter { !unread.contains($0) }.sorted().joined(separator: ", "))
    }

    /// All values of a tensor, row-major, once type, shape and values are checked.
    mutating func read(_ name: String, shape: [Int]) throws(CoderError) -> [Float] {
        let tensor = try described(name, shape: shape)
        let values: [Float]
        do throws(WeightFileError) {
            values = try tensor.floats()
        } catch {
            throw CoderError(error, file: path)
        }
        if let index = values.withUnsafeBufferPointer({ $0.firstNotFinite() }) {
            throw fault(name, notFinite: values[index], at: index, columns: tensor.columns)
        }
        return values
    }

    /// All values of a matrix that the file holds as its transpose: `[columns, rows]` there, `[rows, columns]` here.
    mutating func readTransposed(_ name: String, rows: Int, columns: Int) throws(CoderError) -> [Float] {
        let tensor = try described(name, shape: [columns, rows])
        var values = [Float](repeating: 0, count: tensor.count)
        try values.withUnsafeMutableBufferPointer { values throws(CoderError) in
            try scan(tensor) { start, part in
                let count = part.count / max(rows, 1)
                for row in 0..<rows {
                    for column in 0..<count { values[row * columns + start + column] = part[column * rows + row] }
                }
            }
        }
        return values
    }

    /// A tensor whose type, shape and values are checked, and whose values stay in the file.
    mutating func check(_ name: String, shape: [Int]) throws(CoderError) -> Tensor {
        let tensor = try described(name, shape: shape)
        try scan(tensor) { _, _ in }
        return tensor
    }

    /// The lengths of a checked matrix's rows.
    func norms(of tensor: Tensor) throws(CoderError) -> [Float] {
        var norms = [Float](repeating: 0, count: tensor.rows)
        try scan(tensor) { start, part in
            for row in 0..<part.count / max(tensor.columns, 1) {
                let values = part[row * tensor.columns..<(row + 1) * tensor.columns]
                norms[start + row] = Float(values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
            }
        }
        return norms
    }

    /// Lends a tensor's values some rows at a time, with the number of the first, once they are found to be finite.
    private func scan(
        _ tensor: Tensor, _ body: (Int, UnsafeBufferPointer<Float>) -> Void
    ) throws(CoderError) {
        // Sixteen at least, so that a transposition writes whole cache lines; never more than there are.
        let rowsAtOnce = max(1, min(tensor.rows, max(16, 65_536 / max(tensor.columns, 1))))
        var values = [Float](repeating: 0, count: rowsAtOnce * tensor.columns)
        for start in stride(from: 0, to: tensor.rows, by: rowsAtOnce) {
            let rows = start..<min(start + rowsAtOnce, tensor.rows)
            let found: Int?
            do throws(WeightFileError) {
                found = try values.withUnsafeMutableBufferPointer { buffer throws(WeightFileError) in
                    try tensor.read(rows: rows, into: buffer)
                    let part = UnsafeBufferPointer(rebasing: buffer[..<(rows.count * tensor.columns)])
                    if let found = part.firstNotFinite() { return found }
                    body(start, part)
                    return nil
                }
            } catch {
                throw CoderError(error, file: path)
            }
            if let found {
                let index = start * tensor.columns + found
                throw fault(tensor.name, notFinite: values[found], at: index, columns: tensor.columns)
            }
        }
    }

    /// The hash of all that was noted and read.
    func digest() -> Hash128 { hasher.finalize128() }

    private mutating func described(_ name: String, shape: [Int]) throws(CoderError) -> Tensor {
        guard let tensor = tensors[name] else { throw missing(name, expected: "shape \(shape)") }
        guard [.f64, .f32, .f16, .bf16].contains(tensor.type) else {
            throw .tensor(
                file: path, tensor: name, found: "type \(tensor.type.rawValue)",
                expected: "type f32, f16, bf16 or f64")
        }
        guard tensor.shape == shape else {
            throw .tensor(
                file: path, tensor: name, found: "shape \(tensor.shape)",
                expected: "shape \(shape), by the coder's settings")
        }
        unread.remove(name)
        hasher.update(text: name)
        hasher.update(text: tensor.type.rawValue)
        for size in shape { hasher.update(UInt64(size)) }
        tensor.withBytes { hasher.update(rawBytes: $0) }
        return tensor
    }

    private func missing(_ name: String, expected: String) -> CoderError {
        let names = tensors.keys.sorted().prefix(12).joined(separator: ", ")
        return .tensor(file: path, tensor: name, found: "no such tensor among \(names)", expected: expected)
    }

    /// That what a tensor holds cannot be right.
    func fault(_ name: String, found: String, expected: String) -> CoderError {
        .tensor(file: path, tensor: name, found: found, expected: expected)
    }

    private func fault(_ name: String, notFinite value: Float, at index: Int, columns: Int) -> CoderError {
        .tensor(
            file: path, tensor: name,
            found: "\(value) at row \(index / max(columns, 1)), column \(index % max(columns, 1))",
            expected: "finite values")
    }
}
