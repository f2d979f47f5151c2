import Foundation
import StateFixtures
import Testing

@testable import Interchange

/// Each fault of a cache with the whole of what is said of it.
@Suite struct DelphiDamageTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var folder: String { directory.path + "/layers.10" }

    private func write(_ names: String..., change: (inout DelphiFile) -> Void = { _ in }) throws {
        var file = DelphiFile()
        change(&file)
        for name in names { try file.write(to: "\(folder)/\(name)") }
    }

    /// What opening the cache and counting it says, after the folder's name.
    private func fault() -> String? {
        do {
            _ = try DelphiCounts(DelphiCache(folder: folder))
            return nil
        } catch let error as InterchangeError {
            #expect(error.kind == .configuration)
            return error.description.replacingOccurrences(of: folder, with: "HERE")
        } catch {
            return "another error: \(error)"
        }
    }

    @Test func aSoundFileHasNoFault() throws {
        try write("0_1.safetensors")
        #expect(fault() == nil)
    }

    @Test func aFolderThatIsNotThereIsNamed() {
        #expect(
            fault()
                == "HERE: folder: found nothing that can be listed, expected the folder of a hookpoint in delphi's cache"
        )
    }

    private static let otherNames = [
        "a_b.safetensors", "0-1.safetensors", "1_0.safetensors", "0_1_2.safetensors", "0_1.safetensors.part", "0_1",
        "_1.safetensors", "0_2147483647.safetensors", "-2_1.safetensors", "0_99999999999999999999.safetensors",
        // Numbers in another form than delphi's, which would be looked for under that form.
        "+0_1.safetensors", "00_1.safetensors", "0_01.safetensors",
    ]

    @Test(arguments: otherNames) func aFileOfAnotherNameIsNoneOfTheCache(name: String) throws {
        try write(name)
        #expect(fault() == "HERE: files: found none, expected files such as 0_2047.safetensors")
        try write("0_1.safetensors")
        #expect(fault() == nil)
    }

    private static let ranges: [(names: [String], found: String, start: Int)] = [
        (["1_2.safetensors"], "1_2", 0), (["0_1.safetensors", "3_4.safetensors"], "3_4", 2),
        (["0_1.safetensors", "1_2.safetensors"], "1_2", 2), (["0_1.safetensors", "0_2.safetensors"], "0_2", 2),
    ]

    @Test(arguments: ranges.indices) func filesMustFollowEachOther(number: Int) throws {
        let range = Self.ranges[number]
        for name in range.names { try write(name) }
        #expect(
            fault()
                == "HERE: files: found \(range.found).safetensors, expected a file that starts at latent \(range.start), so that "
                + "none is missing and none is there twice")
    }

    private static let parts: [(change: @Sendable (inout DelphiFile) -> Void, text: String)] = [
        (
            { $0.parts["tokens"] = nil },
            "tokens: found only activations, locations, expected i64 or i32 of 2 dimensions"
        ),
        (
            { $0.parts["locations"] = nil },
            "locations: found only activations, tokens, expected u16 or u32 or i64 of 2 dimensions"
        ),
        (
            { $0.parts["activations"] = nil },
            "activations: found only locations, tokens, expected f16 or bf16 or f32 of 1 dimensions"
        ),
        (
            { $0.parts["activations"]?.shape = [1, 3] },
            "activations: found f32 [1, 3], expected f16 or bf16 or f32 of 1 dimensions"
        ),
        (
            { $0.parts["activations"]?.type = "I32" },
            "activations: found i32 [3], expected f16 or bf16 or f32 of 1 dimensions"
        ),
        (
            { $0.parts["tokens"]?.type = "U64" },
            "tokens: found u64 [2, 3], expected i64 or i32 of 2 dimensions"
        ),
        ({ $0.parts["tokens"] = ("I64", [0, 3], Data()) }, "tokens: found shape [0, 3], expected rows of tokens"),
        (
            { $0.parts["locations"] = ("U16", [2, 3], DelphiFile.bytes([0, 0, 0, 0, 2, 1] as [UInt16])) },
            "locations: found shape [2, 3], expected [3, 3], one row, position and latent for each of the activations"
        ),
        (
            { $0.parts["locations"] = ("U16", [3, 2], DelphiFile.bytes([0, 0, 0, 0, 2, 1] as [UInt16])) },
            "locations: found shape [3, 2], expected [3, 3], one row, position and latent for each of the activations"
        ),
        (
            { $0.parts["locations"]?.bytes = DelphiFile.bytes([0, 0, 0, 0, 2, 1, 2, 1, 0] as [UInt16]) },
            "locations: found (row: 2, position: 1, latent: 0) at entry 2, expected a row below 2, a position below 3 and a "
                + "latent of this file, below 2"
        ),
        (
            {
                $0.parts["locations"] = ("I64", [3, 3], DelphiFile.bytes([0, 0, 0, 0, -1, 1, 1, 1, 0] as [Int64]))
            },
            "locations: found (row: 0, position: -1, latent: 1) at entry 1, expected a row below 2, a position below 3 and a "
                + "latent of this file, below 2"
        ),
        (
            {
                $0.parts["activations"]?.bytes = DelphiFile.floats([0.5, 2, .nan])
            }, "activations: found NaN at entry 2, expected numbers"
        ),
    ]

    @Test(arguments: parts.indices) func aTensorOfAnotherKindIsNamedWithWhatIsExpected(number: Int) throws {
        try write("0_1.safetensors", change: Self.parts[number].change)
        #expect(fault() == "HERE/0_1.safetensors: " + Self.parts[number].text)
    }

    @Test func allFilesMustHoldTheSameTokens() throws {
        try write("0_1.safetensors")
        try write("2_3.safetensors") {
            $0.parts["tokens"]?.bytes = DelphiFile.bytes([10, 11, 12, 20, 21, 23] as [Int64])
        }
        #expect(
            fault()
                == "HERE/2_3.safetensors: tokens: found i64 [2, 3], other tokens than HERE/0_1.safetensors, expected the same "
                + "tokens in every file of a hookpoint")
        try write("2_3.safetensors") {
            $0.parts["tokens"] = ("I32", [2, 3], DelphiFile.bytes([10, 11, 12, 20, 21, 22] as [Int32]))
        }
        #expect(fault()?.contains("tokens: found i32 [2, 3], other tokens than") == true)
    }

    @Test func aFileThatWasCutShortIsNamed() throws {
        try write("0_1.safetensors")
        let path = folder + "/0_1.safetensors"
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        for count in [0, 4, 40, whole.count - 1] {
            try whole.prefix(count).write(to: URL(fileURLWithPath: path))
            let text = try #require(fault())
            #expect(text.hasPrefix("HERE/0_1.safetensors: ") && text.contains(", expected "))
        }
    }
}
