extension CPUKernel {
    /// Compares the matrix product of the kernel in use with one done by definition, on shapes with odd ends.
    ///
    /// - Throws: `LinearAlgebraError.wrongProduct` if a value differs by more than rounding explains.
    public static func check() throws(LinearAlgebraError) {
        for (rows, columns, depth) in [(1, 1, 1), (3, 5, 7), (17, 33, 65), (64, 63, 129), (70, 101, 577)] {
            var generator = ProbeNumbers()
            let a = generator.values(rows * depth)
            let b = generator.values(columns * depth)
            var c = [Float](repeating: .nan, count: rows * columns)
            multiply(a, transposed: b, into: &c, rows: rows, columns: columns, depth: depth)
            for row in 0..<rows {
                for column in 0..<columns {
                    var exact = 0.0
                    var size = 0.0
                    for index in 0..<depth {
                        let term = Double(a[row * depth + index]) * Double(b[column * depth + index])
                        exact += term
                        size += term.magnitude
                    }
                    let found = Double(c[row * columns + column])
                    // Summing `depth` terms in any order errs by at most depth · 2⁻²⁴ of their absolute sum.
                    guard (found - exact).magnitude <= size * Double(depth + 2) / 16_777_216 else {
                        throw .wrongProduct(
                            kernel: current.description, rows: rows, columns: columns, depth: depth, found: found,
                            expected: exact)
                    }
                }
            }
        }
    }
}

/// A fixed sequence of numbers in [-1, 1), the same in every process (a 64-bit linear congruential generator, Knuth's MMIX).
struct ProbeNumbers {
    private var state: UInt64 = 0x2545_f491_4f6c_dd1d

    mutating func next() -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(Int32(truncatingIfNeeded: state >> 32)) / 2_147_483_648
    }

    mutating func values(_ count: Int) -> [Float] {
        (0..<count).map { _ in next() }
    }
}
