import Foundation
import TestSupport
import Testing

@testable import WeightFiles

/// Files that PyTorch 2 wrote, and the same damaged.
@Suite struct PyTorchArchiveTests {
    private static func path(_ name: String) -> String { GoldenFiles.path("coders/" + name) }

    private static func message(_ path: String) -> String {
        do throws(WeightFileError) {
            _ = try PyTorchArchive(path: path)
            return ""
        } catch {
            return error.description
        }
    }

    @Test func dictionariesWithinDictionariesAreReadAndPlainValuesPassedOver() throws {
        let archive = try PyTorchArchive(path: Self.path("hostile_pt/nested.pt"))
        #expect(archive.tensors.keys.sorted() == ["model.W_enc"])
        let matrix = try #require(archive.tensors["model.W_enc"])
        // `arange(6).reshape(2, 3)`, transposed.
        #expect(matrix.shape == [3, 2])
        #expect(try matrix.floats() == [0, 3, 1, 4, 2, 5])
    }

    @Test func valuesOfTwoBytesAreReadAsTheyAre() throws {
        let folder = "qwen_scope/SAE-Res-Qwen3-0.1B-Base-W1K-L0_6/layer1.sae.pt"
        let tensors = try PyTorchArchive(path: Self.path(folder)).tensors
        #expect(tensors["W_enc"]?.type == .bf16 && tensors["W_enc"]?.shape == [40, 16])
        #expect(tensors["W_dec"]?.shape == [16, 40] && tensors["b_dec"]?.shape == [16])
    }

    @Test func numbersWithoutADimensionAreReadBesideVectors() throws {
        let tensors = try PyTorchArchive(path: Self.path("dictionary_topk/ae.pt")).tensors
        #expect(tensors["k"]?.shape == [] && tensors["k"]?.type == .i32)
        #expect(try tensors["k"]?.integers() == [6])
        #expect(try tensors["threshold"]?.floats().count == 1)
    }

    @Test(arguments: [
        (
            "call",
            "found posix.system, expected tensors, dictionaries and plain values only; nothing in such a file is executed"
        ),
        ("numpy", "_reconstruct, expected tensors, dictionaries and plain values only"),
        ("module", "found torch.nn.modules.linear.Linear, expected tensors"),
        ("old", "found a file of PyTorch before 1.6, expected one of 1.6 or later"),
        ("strides", "strides: found [8, 1] of [2, 4], expected values in order, or a matrix transposed"),
        ("list", "found no dictionary, expected a dictionary of tensors"),
    ]) func whatIsNoDictionaryOfTensorsIsRefusedByName(name: String, expected: String) {
        #expect(Self.message(Self.path("hostile_pt/\(name).pt")).contains(expected))
    }

    @Test func noFileOfPyTorchIsCalledThat() throws {
        #expect(
            Self.message(Self.path("heads/gpt2-small_L5_Hcat_z_cfg.json")).hasSuffix(
                "first bytes: found no zip archive, expected a file of torch.save"))
        #expect(Self.message(Self.path("gemmascope/params.npz")).contains("found no data.pkl"))
    }

    @Test(arguments: ["dictionary_standard/ae.pt", "dictionary_topk/ae.pt", "hostile_pt/nested.pt"])
    func anyChangedByteGivesTensorsOrAnErrorButNeverATrap(name: String) throws {
        let whole = [UInt8](try Data(contentsOf: URL(filePath: Self.path(name))))
        let pickle = try #require(whole.indices(of: "data.pkl")).first ?? 0
        var numbers = NumberStream(seed: UInt64(whole.count))
        let file = try TemporaryFile(whole)
        var refused = 0
        for round in 0..<1_500 {
            var bytes = whole
            for _ in 0...round % 3 {
                // Half of the changes fall into the pickle, a quarter into the directory at the end.
                let near = Int.random(in: 0..<700, using: &numbers)
                let place =
                    switch round % 4 {
                    case 0, 1: min(pickle + near, whole.count - 1)
                    case 2: max(whole.count - 1 - near, 0)
                    default: Int.random(in: 0..<whole.count, using: &numbers)
                    }
                bytes[place] = UInt8.random(in: 0...255, using: &numbers)
            }
            try file.replace(with: bytes)
            if Self.opens(file) == nil { refused += 1 }
        }
        #expect(refused > 200)
    }

    @Test func aFileCutAnywhereIsRefused() throws {
        let whole = [UInt8](try Data(contentsOf: URL(filePath: Self.path("hostile_pt/nested.pt"))))
        let file = try TemporaryFile(whole)
        #expect(Self.opens(file) != nil)
        for length in stride(from: 1, to: whole.count, by: 7) {
            try file.replace(with: Array(whole[..<length]))
            #expect(Self.opens(file) == nil)
        }
    }

    /// The sum of all values, if a file can be opened and read.
    private static func opens(_ file: TemporaryFile) -> Double? {
        try? file.open { path in
            try PyTorchArchive(path: path).tensors.values.reduce(0.0) { sum, tensor in
                try tensor.floats().reduce(sum) { $0 + ($1.isFinite ? Double($1) : 0) }
            }
        }
    }
}

extension [UInt8] {
    /// Where a text stands.
    fileprivate func indices(of text: String) -> [Int]? {
        let wanted = Array(text.utf8)
        let places = indices.dropLast(wanted.count).filter { self[$0..<$0 + wanted.count].elementsEqual(wanted) }
        return places.isEmpty ? nil : [Int](places)
    }
}
