import Foundation

extension WeightReader {
    /// Thresholds of all latents, `[latents]`; one value alone is that of each.
    mutating func readThresholds(_ name: String, latents: Int) throws(CoderError) -> [Float] {
        guard count(of: name) == 1, latents > 1, !isVector(name) else { return try read(name, shape: [latents]) }
        return [Float](repeating: try read(name, shape: []).first ?? 0, count: latents)
    }

    /// The exponentials of a vector's values, `[count]`.
    ///
    /// - Throws: `CoderError.tensor` if one is beyond the range of 32-bit floats.
    mutating func readExponentials(_ name: String, count: Int) throws(CoderError) -> [Float] {
        let values = try read(name, shape: [count]).map { Float(exp(Double($0))) }
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw fault(name, found: "exp of value \(index) is infinite", expected: "values below 88")
        }
        return values
    }
}
