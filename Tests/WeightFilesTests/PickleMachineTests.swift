import Testing

@testable import WeightFiles

/// Pickles written by hand, right and wrong.
@Suite struct PickleMachineTests {
    private static func run(_ bytes: [UInt8]) throws -> PickleValue {
        try bytes.withUnsafeBytes { bytes in
            var machine = PickleMachine(bytes, file: "x.pt")
            return try machine.run()
        }
    }

    private static func fault(_ bytes: [UInt8]) -> String {
        do {
            return "nothing but " + (try run(bytes)).kind
        } catch let error as WeightFileError {
            return "\(error.field): \(error.found)"
        } catch {
            return "\(error)"
        }
    }

    @Test func wholeNumbersOfAllLengthsAreRead() throws {
        for (bytes, value) in [
            ([0x4b, 200], 200), ([0x4d, 1, 2], 513), ([0x4a, 0xff, 0xff, 0xff, 0xff], -1),
            ([0x8a, 0], 0), ([0x8a, 2, 0, 0x80], -32_768), ([0x8a, 3, 0xff, 0xff, 0], 65_535),
            ([0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 0x80], Int.min),
        ] as [([UInt8], Int)] {
            guard case .integer(let found) = try Self.run(bytes + [0x2e]) else {
                Issue.record("no whole number")
                continue
            }
            #expect(found == value)
        }
    }

    @Test func numbersHaveTheirHighestByteFirst() throws {
        guard case .number(let found) = try Self.run([0x47, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0x2e]) else {
            Issue.record("no number")
            return
        }
        #expect(found == 1.5)
    }

    @Test func aListIsTheSameWhereverItIsRecalled() throws {
        // A list put into the memo, filled after it was recalled.
        let bytes: [UInt8] = [0x5d, 0x71, 1, 0x68, 1, 0x4b, 7, 0x61, 0x86, 0x2e]
        guard case .tuple(let items) = try Self.run(bytes), case .list(let first) = items[0],
            case .list(let second) = items[1]
        else {
            Issue.record("no two lists")
            return
        }
        #expect(first === second && first.items.count == 1)
    }

    @Test(
        arguments: [
            ([], "pickle: 0 bytes left at offset 0"),
            ([0x2e], "data.pkl at byte 1: 0 values at the end"),
            ([0x4e, 0x4e, 0x2e], "data.pkl at byte 3: 2 values at the end"),
            ([0x28, 0x4e, 0x2e], "data.pkl at byte 3: 1 values at the end"),
            ([0x30, 0x2e], "data.pkl at byte 0: no value"),
            ([0x28, 0x30, 0x2e], "data.pkl at byte 1: no value"),
            ([0x74, 0x2e], "data.pkl at byte 0: no mark"),
            ([0x68, 3, 0x2e], "data.pkl at byte 0: memo 3, which is empty"),
            ([0x7d, 0x4e, 0x4e, 0x73, 0x2e], "data.pkl at byte 3: None as a key"),
            ([0x5d, 0x4e, 0x4e, 0x73, 0x2e], "data.pkl at byte 3: a list"),
            ([0x7d, 0x28, 0x4e, 0x75, 0x2e], "data.pkl at byte 3: a dictionary"),
            ([0x4e, 0x51, 0x2e], "data.pkl at byte 1: another id of a storage"),
            ([0x4e, 0x4e, 0x52, 0x2e], "data.pkl at byte 2: None"),
            ([0x4e, 0x29, 0x52, 0x2e], "data.pkl at byte 2: None of other arguments"),
            ([0x4e, 0x4e, 0x62, 0x2e], "data.pkl at byte 2: attributes of None"),
            ([0x58, 0xff, 0xff, 0xff, 0xff], "text: 0 bytes left at offset 5"),
            ([0x8c, 2, 0xc3, 0x28, 0x2e], "data.pkl at byte 0: bytes that are not UTF-8"),
            ([0x63] + Array("os\nsystem\n".utf8) + [0x2e], "data.pkl at byte 0: os.system"),
            (
                [0x8c, 2] + Array("os".utf8) + [0x8c, 6] + Array("system".utf8) + [0x93, 0x2e],
                "data.pkl at byte 12: os.system"
            ),
            ([0x69, 0x2e], "data.pkl at byte 0: instruction 0x69"),
            (
                [0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x2e],
                "data.pkl at byte 0: a whole number of 9 bytes, as of a file of PyTorch before 1.6"
            ),
        ] as [([UInt8], String)]) func whatCannotBeRightIsNamedWithItsPlace(bytes: [UInt8], expected: String)
    {
        #expect(Self.fault(bytes) == expected)
    }

    @Test(arguments: [[0x85], [0x5d, 0x61]] as [[UInt8]])
    func valuesWithinValuesEndAtABoundThatTheStackHolds(step: [UInt8]) throws {
        // A tuple around a tuple around …, and a list as the last item of a list within …
        let deep = step == [0x85] ? [0x4e] + [UInt8](repeating: 0x85, count: 11_999) : Self.lists(11_999)
        #expect(!Self.fault(deep + [0x2e]).isEmpty)
        let deeper = step == [0x85] ? [0x4e] + [UInt8](repeating: 0x85, count: 2_000_000) : Self.lists(40_000)
        #expect(Self.fault(deeper + [0x2e]).hasSuffix("more than 12000 tuples, lists and dictionaries"))
    }

    /// So many lists, each the last item of the one before: all are made, then each is appended to the one below.
    private static func lists(_ count: Int) -> [UInt8] {
        [UInt8](repeating: 0x5d, count: count) + [UInt8](repeating: 0x61, count: count - 1)
    }

    @Test func chanceBytesNeverTrap() {
        var state: UInt64 = 7
        func next() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 40)
        }
        let codes: [UInt8] = [
            0x28, 0x30, 0x4e, 0x4b, 0x29, 0x85, 0x86, 0x87, 0x74, 0x5d, 0x61, 0x65, 0x7d, 0x73, 0x75, 0x71, 0x68, 0x94,
            0x51, 0x52, 0x62, 0x88, 0x8c,
        ]
        var sound = 0
        for _ in 0..<20_000 {
            let length = Int(next() % 24)
            let bytes = (0..<length).map { _ in next() < 200 ? codes[Int(next()) % codes.count] : next() % 8 } + [0x2e]
            if Self.fault(bytes).hasPrefix("nothing but") { sound += 1 }
        }
        #expect(sound > 100 && sound < 19_000)
    }
}
