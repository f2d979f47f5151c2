import JSONText
import Synchronization

/// A model in several safetensors files and an index that says which file has which tensor (`model.safetensors.index.json`).
///
/// Files are opened when one of their tensors is first asked for, and stay mapped (see `SafetensorsFile`). Source of the format:
/// `huggingface_hub/serialization`, "weight_map".
public final class ShardedSafetensors: Sendable {
    /// The path of the index.
    public let path: String
    /// The names of all tensors, sorted.
    public let names: [String]
    /// The names of the files, sorted; they lie next to the index.
    public let shards: [String]

    private let shardOf: [String: String]
    private let opened = Mutex<[String: SafetensorsFile]>([:])

    /// Reads an index; opens no other file.
    ///
    /// Throws if the index cannot be read, is no object with a `weight_map` of texts, names a tensor twice, or names a
    /// file that would not lie next to it.
    public init(index path: String) throws(WeightFileError) {
        let mapping = try MappedFile(path: path)
        let index: JSONValue
        do throws(JSONError) {
            index = try mapping.withBytes { bytes throws(JSONError) in
                try JSONValue(json: bytes, repeatedNames: .kept)
            }
        } catch {
            throw WeightFileError(
                .format, file: path, field: "index", found: "no JSON at offset \(error.offset): \(error.finding)",
                expected: error.expected)
        }
        guard let members = index["weight_map"]?.object else {
            throw WeightFileError(
                .invalid, file: path, field: "weight_map", found: "no object", expected: "an object of file names")
        }
        var shardOf = [String: String](minimumCapacity: members.count)
        for member in members {
            let field = "weight_map[\(member.key)]"
            guard let shard = member.value.string, Self.isFileName(shard) else {
                throw WeightFileError(
                    .invalid, file: path, field: field, found: member.value.string ?? "no text",
                    expected: "the name of a file beside the index, ending in .safetensors")
            }
            guard shardOf.updateValue(shard, forKey: member.key) == nil else {
                throw WeightFileError(.invalid, file: path, field: field, found: "the name twice", expected: "it once")
            }
        }
        self.path = path
        self.shardOf = shardOf
        names = shardOf.keys.sorted()
        shards = Set(shardOf.values).sorted()
    }

    /// A tensor; `nil` if the index does not name it.
    ///
    /// Throws if its file cannot be opened, or does not have it though the index says so.
    public func tensor(_ name: String) throws(WeightFileError) -> Tensor? {
        guard let shard = shardOf[name] else { return nil }
        let file = try file(shard, for: name)
        guard let tensor = file.tensors[name] else {
            throw WeightFileError(
                .invalid, file: file.path, field: "tensors[\(name)]", found: "no such tensor",
                expected: "it, as \(path) says")
        }
        return tensor
    }

    /// All tensors that the index names; opens every file.
    ///
    /// Throws as `tensor(_:)`.
    public func tensors() throws(WeightFileError) -> [String: Tensor] {
        var tensors = [String: Tensor](minimumCapacity: names.count)
        for name in names { tensors[name] = try tensor(name) }
        return tensors
    }

    private func file(_ shard: String, for name: String) throws(WeightFileError) -> SafetensorsFile {
        if let file = opened.withLock({ $0[shard] }) { return file }
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        let file: SafetensorsFile
        do throws(WeightFileError) {
            file = try SafetensorsFile(path: folder + shard)
        } catch {
            throw WeightFileError(
                error.kind, file: error.file, field: error.field, found: error.found,
                expected: error.expected + " (\(path) says that it has \(name))")
        }
        // Two threads may open the same file; the first to come here is kept.
        return opened.withLock { opened in
            if let first = opened[shard] { return first }
            opened[shard] = file
            return file
        }
    }

    private static func isFileName(_ name: String) -> Bool {
        name.hasSuffix(".safetensors") && !name.contains("/") && !name.contains("\0")
    }
}
