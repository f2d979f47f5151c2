import Testing

@testable import Interchange

@Suite struct KeptVerdictsTests {
    private typealias Example = KeptVerdicts.Example

    private static let example = Example(
        tokens: [300], marked: [true], isPositive: true, block: 2, isYes: true, probability: 0.5)

    @Test func theBytesAreInTheFormThatEarlierVersionsWrote() {
        // Version, count, all six flags, block, length, 300 and the bits of .5 in groups of 7, the lowest first.
        #expect(
            KeptVerdicts(examples: [Self.example]).bytes
                == [1, 1, 0b11_1111, 2, 1, 0xAC, 0x02, 1, 0x80, 0x80, 0x80, 0xF8, 0x03])
        #expect(KeptVerdicts(examples: []).bytes == [1, 0])
    }

    private static let kinds: [Example] = [true, false].flatMap { isPositive in
        ([nil, true, false] as [Bool?]).flatMap { isYes in
            ([nil, 0, 9] as [Int?]).flatMap { block in
                ([nil, 0, 1, 0.123] as [Float?]).flatMap { probability in
                    ([[], [true, false, true]] as [[Bool]]).map { marked in
                        Example(
                            tokens: [0, 127, 128], marked: marked, isPositive: isPositive, block: block, isYes: isYes,
                            probability: probability)
                    }
                }
            }
        }
    }

    @Test func everyKindOfExampleComesBack() {
        #expect(Self.kinds.count == 144)
        for kind in Self.kinds {
            #expect(KeptVerdicts(bytes: KeptVerdicts(examples: [kind]).bytes)?.examples == [kind])
        }
        #expect(KeptVerdicts(bytes: KeptVerdicts(examples: Self.kinds).bytes)?.examples == Self.kinds)
    }

    @Test func aMarkForATokenThatIsNotThereIsLeftOutAndAMissingOneIsNone() {
        var example = Self.example
        example.tokens = [1, 2]
        for (marked, read) in [([true], [true, false]), ([false, true, true], [false, true])] {
            example.marked = marked
            #expect(KeptVerdicts(bytes: KeptVerdicts(examples: [example]).bytes)?.examples.first?.marked == read)
        }
    }

    @Test func damagedBytesAreNothingOrWhatCanBeWrittenAgain() {
        let bytes = KeptVerdicts(examples: [Self.example] + Self.kinds.prefix(5)).bytes
        for index in bytes.indices {
            for value in [0, 1, 0x7F, 0x80, 0xFF] as [UInt8] {
                var damaged = bytes
                damaged[index] = value
                guard let read = KeptVerdicts(bytes: damaged) else { continue }
                // Not compared as values, since a probability may have become NaN.
                #expect(KeptVerdicts(bytes: read.bytes)?.bytes == read.bytes)
            }
        }
    }

    private static let refused: [[UInt8]] = [
        [], [1], [0, 0], [2, 0], [1, 1], [1, 2, 0, 0],
        // More examples or tokens than there are bytes.
        [1, 0xFF, 0x7F], [1, 1, 0, 0xFF, 0x7F],
        // A token of more than 32 bits, and a number of more than 56.
        [1, 1, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
        [1, 1, 0, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
        // A flag without what it announces: a block, a mark, a probability.
        [1, 1, 16], [1, 1, 32, 1, 5], [1, 1, 8, 0],
    ]

    @Test(arguments: refused) func bytesOfAnotherFormAreNothing(bytes: [UInt8]) {
        #expect(KeptVerdicts(bytes: bytes) == nil)
    }
}
