import TestSupport
import Testing
import WeightFiles

@Suite struct ShardedSafetensorsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try SafetensorsFile.write([("a", [2], [1, 2]), ("b", [1, 1], [3])], to: folder.file("one.safetensors"))
        try SafetensorsFile.write([("c", [1], [.nan])], to: folder.file("two.safetensors"))
    }

    private func index(_ text: String) throws -> String {
        try folder.write(text, to: "model.safetensors.index.json")
    }

    private func map(_ members: String) throws -> String {
        try index("{\"metadata\":{\"total_size\":16},\"weight_map\":{\(members)}}")
    }

    @Test func tensorsComeFromTheFilesThatTheIndexSays() throws {
        let model = try ShardedSafetensors(
            index: map("\"c\":\"two.safetensors\",\"a\":\"one.safetensors\",\"b\":\"one.safetensors\""))
        #expect(model.names == ["a", "b", "c"] && model.shards == ["one.safetensors", "two.safetensors"])
        #expect(try model.tensor("a")?.floats() == [1, 2])
        #expect(try model.tensor("b")?.shape == [1, 1])
        #expect(try model.tensor("c")?.file == folder.file("two.safetensors"))
        #expect(try model.tensor("d") == nil)
        #expect(try model.tensors().keys.sorted() == model.names)
    }

    @Test func aFileIsOpenedOnFirstUseAndAMissingOneIsNamed() throws {
        let model = try ShardedSafetensors(index: map("\"a\":\"one.safetensors\",\"x\":\"three.safetensors\""))
        #expect(try model.tensor("a")?.count == 2)
        let error = #expect(throws: WeightFileError.self) { try model.tensor("x") }
        #expect(error?.kind == .file && error?.file == folder.file("three.safetensors"))
        #expect(error?.expected.hasSuffix("(\(model.path) says that it has x)") == true)
        try SafetensorsFile.write([("x", [1], [5])], to: folder.file("three.safetensors"))
        #expect(try model.tensor("x")?.floats() == [5])
    }

    @Test func aTensorThatItsFileDoesNotHaveIsNamed() throws {
        let model = try ShardedSafetensors(index: map("\"z\":\"two.safetensors\""))
        let error = #expect(throws: WeightFileError.self) { try model.tensor("z") }
        #expect(error?.file == folder.file("two.safetensors") && error?.field == "tensors[z]")
        #expect(throws: WeightFileError.self) { try model.tensors() }
    }

    @Test(arguments: [
        ("", "file"), ("[", "index"), ("[]", "weight_map"), ("{}", "weight_map"), ("{\"weight_map\":3}", "weight_map"),
        ("{\"weight_map\":{\"a\":1}}", "weight_map[a]"),
        ("{\"weight_map\":{\"a\":\"../one.safetensors\"}}", "weight_map[a]"),
        ("{\"weight_map\":{\"a\":\"/etc/passwd\"}}", "weight_map[a]"),
        ("{\"weight_map\":{\"a\":\"one.bin\"}}", "weight_map[a]"),
        ("{\"weight_map\":{\"a\":\"one.safetensors\",\"a\":\"two.safetensors\"}}", "weight_map[a]"),
    ])
    func anIndexThatCannotBeRightIsRefused(text: String, field: String) throws {
        let path = try index(text)
        let error = #expect(throws: WeightFileError.self) { try ShardedSafetensors(index: path) }
        #expect(error?.field == field && error?.file == path)
    }

    @Test func valuesThatAreNotFiniteAreNamedAtTheirFirstUse() throws {
        let path = folder.file("values.safetensors")
        try SafetensorsFile.write([("m", [3, 2], [1, 2, 3, .infinity, 5, 6])], to: path)
        let tensor = try #require(try SafetensorsFile(path: path).tensors["m"])
        var values = [Float](repeating: 0, count: 4)
        try values.withUnsafeMutableBufferPointer { try tensor.readFinite(rows: 0..<1, into: $0) }
        #expect(values == [1, 2, 0, 0])
        let error = #expect(throws: WeightFileError.self) {
            try values.withUnsafeMutableBufferPointer { try tensor.readFinite(rows: 1..<3, into: $0) }
        }
        #expect(error?.field == "tensors[m] row 1, column 1" && error?.found == "inf")
        #expect(throws: WeightFileError.self) {
            try values.withUnsafeMutableBufferPointer { try tensor.readFinite(rows: 0..<3, into: $0) }
        }
    }
}
