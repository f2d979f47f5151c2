import Testing

@testable import Records

@Suite struct ValueTypeTests {
    /// Every pattern of two bytes, against the processor's own halves.
    @Test func everyHalfIsReadAsItIs() {
        let patterns = (0...UInt16.max).filter { Float16(bitPattern: $0).isFinite }
        let bytes = patterns.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        let (values, largest) = bytes.withUnsafeBytes { ValueType.f16.decode($0, count: patterns.count) }
        #expect(zip(values, patterns).allSatisfy { $0.bitPattern == Float(Float16(bitPattern: $1)).bitPattern })
        #expect(values.count == 2 * 31 * 1024 && largest < 0x7f80_0000)
    }

    @Test(arguments: ValueType.allCases) func whatIsNotFiniteIsNoticed(type: ValueType) {
        for value in [Float.infinity, -.infinity, .nan] {
            var bytes: [UInt8] = []
            for float in [1, value, 2] { type.append(float, to: &bytes) }
            #expect(bytes.withUnsafeBytes { type.decode($0, count: 3).largest } >= 0x7f80_0000)
        }
    }

    @Test(arguments: ValueType.allCases) func theLargestIsFinite(type: ValueType) {
        var bytes: [UInt8] = []
        type.append(type.largest, to: &bytes)
        let (values, largest) = bytes.withUnsafeBytes { type.decode($0, count: 1) }
        #expect(values == [type.largest] && largest < 0x7f80_0000 && bytes.count == type.width)
    }
}
