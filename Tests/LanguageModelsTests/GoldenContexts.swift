import Elements
import WeightFiles

/// The rows of a golden `input_ids`, `[contexts, tokens]`.
func contexts(_ file: SafetensorsFile, _ name: String = "input_ids") throws -> [[UInt32]] {
    guard let tensor = file.tensors[name] else { return [] }
    let ids = try tensor.integers().map { UInt32($0) }
    return stride(from: 0, to: ids.count, by: tensor.columns).map { Array(ids[$0..<$0 + tensor.columns]) }
}

/// ‖a − b‖ / ‖b‖.
func relativeError(_ a: some Collection<Float>, _ b: some Collection<Float>) -> Double {
    guard a.count == b.count else { return .infinity }
    var distance = 0.0
    var size = 0.0
    for (left, right) in zip(a, b) {
        distance += (Double(left) - Double(right)) * (Double(left) - Double(right))
        size += Double(right) * Double(right)
    }
    return (distance / max(size, 1e-300)).squareRoot()
}
