/// What a part of a model in several GGUF files says of the parts.
///
/// Source: `llama_split_path` of llama.cpp: the names end in `-00001-of-00003.gguf`, counted from 1, `split.no` from 0.
struct GGUFSplit {
    private static let most = 99_999

    /// The path of the part that was read.
    private let given: String
    /// That part's number.
    let number: Int
    /// The number of parts.
    let count: Int
    /// The number of tensors in all parts, if the part says it.
    private let tensors: Int?

    /// Reads what a file says; `nil` if it is a whole model.
    init?(_ metadata: [String: GGUFValue], path: String) throws(WeightFileError) {
        given = path
        tensors = metadata["split.tensors.count"]?.integer
        guard let stated = metadata["split.count"] else { return nil }
        guard let count = stated.integer, (0...Self.most).contains(count) else {
            throw Self.fault(path, "split.count", found: "\(stated)", expected: "at most \(Self.most)")
        }
        guard count > 1 else { return nil }
        guard let number = metadata["split.no"]?.integer, (0..<count).contains(number) else {
            throw Self.fault(
                path, "split.no", found: metadata["split.no"].map { "\($0)" } ?? "nothing",
                expected: "a number from 0 to \(count - 1)")
        }
        self.count = count
        self.number = number
        guard path.hasSuffix(Self.ending(number, of: count)) else {
            throw WeightFileError(
                .request, file: path, field: "name", found: "part \(number + 1) of \(count) under another name",
                expected: "a name that ends in \(Self.ending(number, of: count)), by which the other parts are found")
        }
    }

    private static func ending(_ number: Int, of count: Int) -> String {
        func five(_ value: Int) -> String { String("0000\(value)".suffix(max(5, "\(value)".count))) }
        return "-\(five(number + 1))-of-\(five(count)).gguf"
    }

    private static func fault(_ path: String, _ key: String, found: String, expected: String) -> WeightFileError {
        WeightFileError(.invalid, file: path, field: "metadata[\(key)]", found: found, expected: expected)
    }

    /// The path of a part.
    func path(of number: Int) -> String {
        String(given.dropLast(Self.ending(self.number, of: count).count)) + Self.ending(number, of: count)
    }

    /// Throws if a part's metadata is not that of its number.
    func check(_ metadata: [String: GGUFValue], number: Int) throws(WeightFileError) {
        let path = path(of: number)
        guard metadata["split.count"]?.integer == count, metadata["split.no"]?.integer == number else {
            throw Self.fault(
                path, "split.no",
                found:
                    "part \(metadata["split.no"].map { "\($0)" } ?? "?") of \(metadata["split.count"].map { "\($0)" } ?? "?")",
                expected: "part \(number) of \(count), counted from 0")
        }
    }

    /// Throws if the parts have another number of tensors than they say.
    func check(tensors found: Int) throws(WeightFileError) {
        guard let tensors, tensors != found else { return }
        throw Self.fault(given, "split.tensors.count", found: "\(found) tensors in all parts", expected: "\(tensors)")
    }
}
