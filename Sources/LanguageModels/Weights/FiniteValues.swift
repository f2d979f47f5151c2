/// Whether values are finite numbers.
enum FiniteValues {
    /// The index of the first value that is not a finite number.
    static func firstOther(_ values: UnsafePointer<Float>, count: Int) -> Int? {
        // A finite number less itself is zero, any other is no number.
        var differences = SIMD16<Float>()
        let whole = count / 16 * 16
        let raw = UnsafeRawPointer(values)
        for start in stride(from: 0, to: whole, by: 16) {
            let part = raw.loadUnaligned(fromByteOffset: 4 * start, as: SIMD16<Float>.self)
            differences += part - part
        }
        var rest: Float = 0
        for index in whole..<count { rest += values[index] - values[index] }
        guard rest != 0 || differences != SIMD16<Float>() else { return nil }
        return (0..<count).first { !values[$0].isFinite }
    }
}
