import Hashing
import WeightFiles

/// Reads the tensors of one file, checks them, and hashes what it reads.
struct WeightReader {
    private let file: SafetensorsFile
    private var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)

    /// Opens a file; the purpose sets coders apart whose equal weights mean different things.
    init(file path: String, purpose: String) throws(CoderError) {
        do throws(WeightFileError) {
            file = try SafetensorsFile(path: path)
        } catch {
            throw .unreadable(file: path, reason: error.description)
        }
        hasher.update(text: purpose)
    }

    /// Adds a setting to the hash.
    mutating func note(setting: String, _ value: UInt64) {
        hasher.update(text: setting)
        hasher.update(value)
    }

    /// All values of a tensor, row-major, once type, shape and values are checked.
    mutating func read(_ name: String, shape: [Int]) throws(CoderError) -> [Float] {
        let tensor = try described(name, shape: shape)
        let values: [Float]
        do throws(WeightFileError) {
            values = try tensor.floats()
        } catch {
            throw .unreadable(file: file.path, reason: error.description)
        }
        if let index = values.withUnsafeBufferPointer({ $0.firstNotFinite() }) {
            throw fault(name, notFinite: values[index], at: index, columns: tensor.columns)
        }
        return values
    }

    /// A tensor whose type, shape and values are checked, and whose values stay in the file.
    mutating func check(_ name: String, shape: [Int]) throws(CoderError) -> Tensor {
        let tensor = try described(name, shape: shape)
        let rowsAtOnce = max(1, 65_536 / max(tensor.columns, 1))
        var values = [Float](repeating: 0, count: rowsAtOnce * tensor.columns)
        for start in stride(from: 0, to: tensor.rows, by: rowsAtOnce) {
            let rows = start..<min(start + rowsAtOnce, tensor.rows)
            let found: Int?
            do throws(WeightFileError) {
                found = try values.withUnsafeMutableBufferPointer { buffer throws(WeightFileError) in
                    try tensor.read(rows: rows, into: buffer)
                    return UnsafeBufferPointer(rebasing: buffer[..<(rows.count * tensor.columns)]).firstNotFinite()
                }
            } catch {
                throw .unreadable(file: file.path, reason: error.description)
            }
            if let found {
                let index = start * tensor.columns + found
                throw fault(name, notFinite: values[found], at: index, columns: tensor.columns)
            }
        }
        return tensor
    }

    /// The hash of all that was noted and read.
    func digest() -> Hash128 { hasher.finalize128() }

    private mutating func described(_ name: String, shape: [Int]) throws(CoderError) -> Tensor {
        guard let tensor = file.tensors[name] else {
            let names = file.tensors.keys.sorted().prefix(12).joined(separator: ", ")
            throw .tensor(
                file: file.path, tensor: name, found: "no such tensor among \(names)", expected: "shape \(shape)")
        }
        guard [.f64, .f32, .f16, .bf16].contains(tensor.type) else {
            throw .tensor(
                file: file.path, tensor: name, found: "type \(tensor.type.rawValue)",
                expected: "type f32, f16, bf16 or f64")
        }
        guard tensor.shape == shape else {
            throw .tensor(
                file: file.path, tensor: name, found: "shape \(tensor.shape)",
                expected: "shape \(shape), by the coder's settings")
        }
        hasher.update(text: name)
        hasher.update(text: tensor.type.rawValue)
        for size in shape { hasher.update(UInt64(size)) }
        tensor.withBytes { hasher.update(rawBytes: $0) }
        return tensor
    }

    private func fault(_ name: String, notFinite value: Float, at index: Int, columns: Int) -> CoderError {
        .tensor(
            file: file.path, tensor: name,
            found: "\(value) at row \(index / max(columns, 1)), column \(index % max(columns, 1))",
            expected: "finite values")
    }
}
