import Foundation
package import Hashing
import WeightFiles

/// A cache of activations as delphi writes it: for one hookpoint, a file per range of latents, each with all tokens.
///
/// Source: delphi 0.1.1, `latents/cache.py`: safetensors with `locations` `[n, 3]` of row, position and latent (relative
/// to the file's first) in uint16 or uint32, `activations` f16 `[n]`, which may be negative, and `tokens` int64
/// `[rows, context]`, the same in every file. The files stay mapped and must not be made shorter meanwhile.
public struct DelphiCache: Sendable {
    /// The folder of the hookpoint.
    public let folder: String
    /// The number of latents: one more than the last that a file's name gives.
    public let latents: Int
    /// The number of rows of tokens.
    public let rows: Int
    /// The tokens of a row.
    public let context: Int
    /// The text of `config.json`, if there is one: the model and coder of the activations, as far as delphi knew.
    public let configuration: String?
    /// The number of activations in all files.
    package var activationCount: Int { splits.reduce(0) { $0 + $1.count } }
    package let splits: [DelphiSplit]
    private let tokens: Tensor

    /// Opens a folder and checks every file: names, shapes, types, order, and that all hold the same tokens.
    ///
    /// - Throws: `InterchangeError` naming file and field, the value found and the value expected.
    public init(folder: String) throws {
        let ranges = try Self.ranges(in: folder)
        var splits: [DelphiSplit] = []
        var first: Tensor?
        for range in ranges {
            let path = "\(folder)/\(range.lowerBound)_\(range.upperBound - 1).safetensors"
            let file = try Self.open(path)
            let tokens = try Self.tensor("tokens", of: file, path: path, types: [.i64, .i32], dimensions: 2)
            guard tokens.count > 0 else {
                throw Self.fault(path, "tokens", "shape \(tokens.shape)", "rows of tokens")
            }
            if let first {
                guard tokens.shape == first.shape, tokens.type == first.type, Self.same(tokens, first) else {
                    throw Self.fault(
                        path, "tokens", "\(tokens.type.rawValue) \(tokens.shape), other tokens than \(first.file)",
                        "the same tokens in every file of a hookpoint")
                }
            } else {
                first = tokens
            }
            splits.append(
                try DelphiSplit(file, path: path, latents: range, rows: tokens.shape[0], context: tokens.shape[1]))
        }
        guard let tokens = first, let last = ranges.last else {
            throw Self.fault(folder, "files", "none", "files such as 0_2047.safetensors")
        }
        self.folder = folder
        self.tokens = tokens
        self.splits = splits
        latents = last.upperBound
        rows = tokens.shape[0]
        context = tokens.shape[1]
        let file = URL(fileURLWithPath: folder).appendingPathComponent("config.json")
        configuration = (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The folders of hookpoints in a folder: itself if it holds a cache, otherwise those in it that do, by name.
    public static func hookpoints(in folder: String) throws -> [String] {
        if try holdsSplits(folder) { return [folder] }
        let found = try names(in: folder).filter { (try? holdsSplits("\(folder)/\($0)")) ?? false }
        guard !found.isEmpty else {
            throw fault(folder, "files", "no cache", "files such as 0_2047.safetensors, in it or in a folder of it")
        }
        return found.map { "\(folder)/\($0)" }
    }

    /// The hash of the cache's identity as a coder: hookpoint, number of latents, `config.json`.
    package func digest(hookpoint: String) -> Hash128 {
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)
        hasher.update(text: "delphi cache")
        hasher.update(text: hookpoint)
        hasher.update(UInt64(latents))
        hasher.update(text: configuration ?? "")
        return hasher.finalize128()
    }

    /// The token ids of a row.
    ///
    /// - Throws: `InterchangeError` if there is no such row, or if an id is not a 32-bit number of at least 0.
    package func tokens(ofRow row: Int) throws -> [UInt32] {
        guard (0..<rows).contains(row) else { throw Self.fault(folder, "tokens", "row \(row)", "0 to \(rows - 1)") }
        return try tokens.withBytes { bytes in
            try (row * context..<(row + 1) * context).map { index in
                let value: Int64 =
                    tokens.type == .i64
                    ? Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: Int64.self))
                    : Int64(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: Int32.self)))
                guard let token = UInt32(exactly: value) else {
                    throw Self.fault(
                        tokens.file, "tokens", "\(value) at row \(row), position \(index % context)",
                        "a token id, 0 or more")
                }
                return token
            }
        }
    }

    static func fault(_ file: String, _ field: String, _ found: String, _ expected: String) -> InterchangeError {
        InterchangeError(.configuration, "\(file): \(field): found \(found), expected \(expected)")
    }

    static func tensor(
        _ name: String, of file: SafetensorsFile, path: String, types: [TensorType], dimensions: Int
    ) throws -> Tensor {
        let wanted = "\(types.map(\.rawValue).joined(separator: " or ")) of \(dimensions) dimensions"
        guard let tensor = file.tensors[name] else {
            throw fault(path, name, "only \(file.tensors.keys.sorted().joined(separator: ", "))", wanted)
        }
        guard types.contains(tensor.type), tensor.shape.count == dimensions else {
            throw fault(path, name, "\(tensor.type.rawValue) \(tensor.shape)", wanted)
        }
        return tensor
    }

    private static func same(_ tensor: Tensor, _ other: Tensor) -> Bool {
        tensor.withBytes { bytes in other.withBytes { bytes.elementsEqual($0) } }
    }

    private static func open(_ path: String) throws -> SafetensorsFile {
        do {
            return try SafetensorsFile(path: path)
        } catch {
            throw InterchangeError(.configuration, "\(error)")
        }
    }

    private static func names(in folder: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw fault(folder, "folder", "nothing that can be listed", "the folder of a hookpoint in delphi's cache")
        }
    }

    private static func holdsSplits(_ folder: String) throws -> Bool {
        try names(in: folder).contains { range(ofFile: $0) != nil }
    }

    /// The latents whose activations a file of a name holds; `nil` for another name.
    private static func range(ofFile name: String) -> Range<Int>? {
        guard name.hasSuffix(".safetensors") else { return nil }
        let parts = name.dropLast(".safetensors".count).split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, let first = Int(parts[0]), let last = Int(parts[1]), first >= 0, first <= last,
            last < Int(Int32.max), name == "\(first)_\(last).safetensors"
        else { return nil }
        return first..<last + 1
    }

    /// The ranges of all files, one after the other from 0 on.
    private static func ranges(in folder: String) throws -> [Range<Int>] {
        let ranges = try names(in: folder).compactMap(range).sorted { $0.lowerBound < $1.lowerBound }
        var end = 0
        for range in ranges {
            guard range.lowerBound == end else {
                throw fault(
                    folder, "files", "\(range.lowerBound)_\(range.upperBound - 1).safetensors",
                    "a file that starts at latent \(end), so that none is missing and none is there twice")
            }
            end = range.upperBound
        }
        return ranges
    }
}
