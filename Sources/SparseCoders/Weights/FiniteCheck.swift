extension UnsafeBufferPointer<Float> {
    /// The place of the first value that is NaN or infinite.
    func firstNotFinite() -> Int? {
        // All bits of the exponent are set in these and in no other value; without a branch the loop is done in vectors.
        let exponent: UInt32 = 0x7f80_0000
        var found: UInt32 = 0
        for value in self { found |= value.bitPattern & exponent == exponent ? 1 : 0 }
        return found == 0 ? nil : firstIndex { !$0.isFinite }
    }
}
