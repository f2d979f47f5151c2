import Hashing

/// Rows of independent normal numbers scaled to length 1: directions without preference, the same on every machine.
///
/// The numbers come from SipHash of (row, counter) by Marsaglia's polar method ("Improvements to the Normal Random Number Generator",
/// 1964). Only operations that IEEE 754 defines to the last bit are used: the logarithm is computed here, since that of the C library
/// differs between systems.
struct GaussianRow {
    private let key: SipKey
    private let row: UInt64
    private var counter: UInt64 = 0
    private var spare: Double?

    init(seed: UInt64, row: Int) {
        key = SipKey(seed: seed, purpose: 0x7261_6e64)
        self.row = UInt64(truncatingIfNeeded: row)
    }

    /// Writes a direction.
    static func write(seed: UInt64, row: Int, to target: UnsafeMutableBufferPointer<Float>) {
        var numbers = GaussianRow(seed: seed, row: row)
        var values = [Double](repeating: 0, count: target.count)
        var squares = 0.0
        for column in values.indices {
            values[column] = numbers.next()
            squares += values[column] * values[column]
        }
        let length = squares.squareRoot()
        for column in values.indices { target[column] = length > 0 ? Float(values[column] / length) : 0 }
    }

    /// The next normal number.
    mutating func next() -> Double {
        if let spare {
            self.spare = nil
            return spare
        }
        while true {
            var hasher = SipHasher(key: key, wide: false)
            hasher.update(row)
            hasher.update(counter)
            counter &+= 1
            let bits = hasher.finalize64()
            let x = Double(Int32(truncatingIfNeeded: bits)) / 0x1p31
            let y = Double(Int32(truncatingIfNeeded: bits >> 32)) / 0x1p31
            let square = x * x + y * y
            guard square > 0, square < 1 else { continue }
            let factor = (-2 * Self.logarithm(square) / square).squareRoot()
            spare = y * factor
            return x * factor
        }
    }

    /// The natural logarithm of a positive number: of its power of two, and by the series of `2 artanh z` of the rest.
    static func logarithm(_ number: Double) -> Double {
        var exponent = Double(number.exponent)
        var rest = number.significand
        if rest > 0x1.6a09e667f3bcdp0 {
            rest /= 2
            exponent += 1
        }
        let z = (rest - 1) / (rest + 1)
        let square = z * z
        var sum = 0.0
        // |z| is at most 0.172, so the term after these is below 2⁻⁵⁶ of the first.
        for term in stride(from: 21.0, through: 1, by: -2) { sum = sum * square + 1 / term }
        return exponent * 0x1.62e42fefa39efp-1 + 2 * z * sum
    }
}
