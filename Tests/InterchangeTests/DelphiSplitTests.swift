import Foundation
import StateFixtures
import Testing

@testable import Interchange

@Suite struct DelphiSplitTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func cache(_ name: String = "0_1.safetensors", change: (inout DelphiFile) -> Void = { _ in }) throws
        -> DelphiCache
    {
        var file = DelphiFile()
        change(&file)
        try file.write(to: "\(directory.path)/\(name)")
        return try DelphiCache(folder: directory.path)
    }

    private func entries(_ split: DelphiSplit, row: Int) throws -> [[Double]] {
        var all: [[Double]] = []
        try split.forEachEntry(inRow: row) { entry in
            all.append([Double(entry.row), Double(entry.position), Double(entry.latent), Double(entry.activation)])
        }
        return all
    }

    @Test func anEntryHasItsLatentsNumberInTheCoder() throws {
        _ = try cache()
        let cache = try cache("2_3.safetensors")
        #expect(cache.latents == 4 && cache.rows == 2 && cache.context == 3 && cache.folder == directory.path)
        #expect(try entries(cache.splits[0], row: 0) == [[0, 0, 0, 0.5], [0, 2, 1, 2]])
        #expect(try entries(cache.splits[0], row: 1) == [[1, 1, 0, -1]])
        #expect(try entries(cache.splits[1], row: 1) == [[1, 1, 2, -1]])
    }

    @Test(arguments: ["U16", "U32", "I64"]) func locationsMayBeOfThreeKinds(type: String) throws {
        let numbers = [0, 0, 0, 0, 2, 1, 1, 1, 0]
        let bytes =
            switch type {
            case "U16": DelphiFile.bytes(numbers.map { UInt16($0) })
            case "U32": DelphiFile.bytes(numbers.map { UInt32($0) })
            default: DelphiFile.bytes(numbers.map { Int64($0) })
            }
        let cache = try cache { $0.parts["locations"] = (type, [3, 3], bytes) }
        #expect(
            try entries(cache.splits[0], row: 0) + entries(cache.splits[0], row: 1) == [
                [0, 0, 0, 0.5], [0, 2, 1, 2], [1, 1, 0, -1],
            ])
    }

    // .5, 2 and −1 as 16-bit floats of either kind: the upper half of a 32-bit float, and IEEE 754's binary16.
    @Test(arguments: [("BF16", [0x3F00, 0x4000, 0xBF80]), ("F16", [0x3800, 0x4000, 0xBC00])] as [(String, [UInt16])])
    func activationsMayBeShortFloats(type: String, bits: [UInt16]) throws {
        let cache = try cache { $0.parts["activations"] = (type, [3], DelphiFile.bytes(bits)) }
        #expect(try DelphiCounts(cache).maxima == [0.5, 2] && DelphiCounts(cache).negative == [1, 0])
    }

    @Test func whatWasBeyondTheRangeCountsAsItsEnd() throws {
        let cache = try cache { $0.parts["activations"]?.bytes = DelphiFile.floats([.infinity, 70_000, -.infinity]) }
        #expect(try entries(cache.splits[0], row: 0).map(\.[3]) == [65_504, 70_000])
        #expect(try entries(cache.splits[0], row: 1).map(\.[3]) == [-65_504])
    }

    @Test func aRowWithoutEntriesIsEmptyWhereverItStands() throws {
        let cache = try cache {
            $0.parts["tokens"] = ("I64", [4, 3], DelphiFile.bytes([Int64](repeating: 7, count: 12)))
            $0.parts["locations"] = ("U16", [2, 3], DelphiFile.bytes([1, 0, 0, 1, 0, 1] as [UInt16]))
            $0.parts["activations"] = ("F32", [2], DelphiFile.floats([1, 2]))
        }
        #expect(try (0..<4).map { try entries(cache.splits[0], row: $0).count } == [0, 2, 0, 0])
    }

    @Test func aFileWithoutAnyEntryIsSound() throws {
        let cache = try cache {
            $0.parts["locations"] = ("U16", [0, 3], Data())
            $0.parts["activations"] = ("F32", [0], Data())
        }
        let counts = try DelphiCounts(cache)
        #expect(counts.neverFired == 2 && counts.tokens == 6 && counts.maxima == [nil, nil])
    }

    @Test func zeroIsNeitherFiringNorNegative() throws {
        let counts = try DelphiCounts(cache { $0.parts["activations"]?.bytes = DelphiFile.floats([0, 0, -0.0]) })
        #expect(counts.fired == [0, 0] && counts.negative == [0, 0] && counts.neverFired == 2)
    }

    @Test(arguments: ["I64", "I32"]) func theTokensOfARowAreRead(type: String) throws {
        let numbers = [10, 11, 12, 20, 21, 22]
        let cache = try cache {
            $0.parts["tokens"]?.type = type
            $0.parts["tokens"]?.bytes =
                type == "I64"
                ? DelphiFile.bytes(numbers.map { Int64($0) }) : DelphiFile.bytes(numbers.map { Int32($0) })
        }
        #expect(try cache.tokens(ofRow: 0) == [10, 11, 12] && cache.tokens(ofRow: 1) == [20, 21, 22])
    }

    @Test(arguments: [-1, 2]) func thereAreNoTokensOfARowThatIsNot(row: Int) throws {
        let cache = try cache()
        let error = try #require(throws: InterchangeError.self) { try cache.tokens(ofRow: row) }
        #expect(error.description == "\(directory.path): tokens: found row \(row), expected 0 to 1")
    }

    @Test(arguments: [-1, 1 << 32]) func aTokenIdOfMoreThan32BitsIsNamedWithItsPlace(id: Int64) throws {
        let cache = try cache { $0.parts["tokens"]?.bytes = DelphiFile.bytes([10, 11, 12, 20, id, 22]) }
        #expect(try cache.tokens(ofRow: 0) == [10, 11, 12])
        let error = try #require(throws: InterchangeError.self) { try cache.tokens(ofRow: 1) }
        #expect(
            error.description
                == "\(directory.path)/0_1.safetensors: tokens: found \(id) at row 1, position 1, expected a token id, 0 or more"
        )
    }
}
