import Elements
import TestSupport
import Testing

@Suite struct LEB128Tests {
    private func bytes(_ value: some UnsignedInteger & FixedWidthInteger) -> [UInt8] {
        var bytes: [UInt8] = []
        LEB128.append(value, to: &bytes)
        return bytes
    }

    /// All numbers in some bytes; `nil` if one is too large or the last has no end.
    private func numbers<Value: UnsignedInteger & FixedWidthInteger>(
        _ bytes: [UInt8], as type: Value.Type = Value.self
    ) -> [Value]? {
        var reader = LEB128.Reader<Value>()
        var numbers: [Value] = []
        for (index, byte) in bytes.enumerated() {
            do {
                if let number = try reader.take(byte) {
                    numbers.append(number)
                } else if index == bytes.count - 1 {
                    return nil
                }
            } catch {
                return nil
            }
        }
        return numbers
    }

    /// The examples of DWARF 5, section 7.6.
    private static let examples: [(UInt32, [UInt8])] = [
        (2, [2]), (127, [127]), (128, [0x80, 1]), (129, [0x81, 1]), (12857, [57 + 0x80, 100]),
    ]

    @Test(arguments: examples) func numbersAreTheBytesOfTheStandard(value: UInt32, form: [UInt8]) {
        #expect(bytes(value) == form)
        #expect(numbers(form, as: UInt32.self) == [value])
    }

    @Test func manyNumbersInARowComeBackAndEachHasItsDigitsToTheBase128() {
        var random = SplitMix(seed: 1)
        let values = (0..<2000).map { _ in random.next() >> UInt64(random.below(64)) } + [0, .max]
        var row: [UInt8] = []
        for value in values {
            let form = bytes(value)
            #expect(form.count == max(1, (64 - value.leadingZeroBitCount + 6) / 7))
            #expect(form.reversed().reduce(0) { $0 * 128 + UInt128($1 & 0x7f) } == UInt128(value))
            row += form
        }
        #expect(numbers(row) == values)
        #expect(numbers(bytes(UInt128.max)) == [UInt128.max])
    }

    @Test func aNumberMayBePaddedButNotBeyondItsWidth() {
        #expect(numbers([0x85, 0x80, 0], as: UInt32.self) == [5])
        #expect(numbers([0x85, 0x80, 0x80, 0x80, 0], as: UInt32.self) == [5])
        #expect(numbers([0x85, 0x80, 0x80, 0x80, 0x80, 0], as: UInt32.self) == nil)
    }

    @Test func aNumberThatDoesNotFitIsRefused() {
        #expect(numbers([0xff, 0xff, 0xff, 0xff, 0x0f], as: UInt32.self) == [.max])
        #expect(numbers([0xff, 0xff, 0xff, 0xff, 0x1f], as: UInt32.self) == nil)
        #expect(numbers([0x80, 0x80, 0x80, 0x80, 0x10], as: UInt32.self) == nil)
        #expect(numbers([UInt8](repeating: 0xff, count: 40), as: UInt64.self) == nil)
        #expect(numbers([0x80, 2], as: UInt8.self) == nil)
    }

    @Test func aNumberWithoutItsLastByteIsNone() {
        #expect(numbers([0x80], as: UInt32.self) == nil)
        #expect(numbers([1, 0xac], as: UInt32.self) == nil)
    }
}
