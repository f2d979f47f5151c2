extension Tensor {
    /// Reads rows as `read(rows:into:)` does, and checks that every value is finite.
    ///
    /// For the first use of a weight: the file need not be scanned when it is opened. Throws if a value is NaN or
    /// infinite, naming its row and column, and if `read(rows:into:)` throws.
    public func readFinite(
        rows range: Range<Int>, into destination: UnsafeMutableBufferPointer<Float>
    ) throws(WeightFileError) {
        try read(rows: range, into: destination)
        let values = UnsafeBufferPointer(rebasing: destination[..<(range.count * columns)])
        // All bits of the exponent are set in these and in no other value; without a branch the loop is done in vectors.
        let exponent: UInt32 = 0x7f80_0000
        var isFound: UInt32 = 0
        for value in values { isFound |= value.bitPattern & exponent == exponent ? 1 : 0 }
        guard isFound != 0, let place = values.firstIndex(where: { !$0.isFinite }) else { return }
        throw WeightFileError(
            .invalid, file: file,
            field: "tensors[\(name)] row \(range.lowerBound + place / columns), column \(place % columns)",
            found: "\(values[place])", expected: "a finite value")
    }
}
