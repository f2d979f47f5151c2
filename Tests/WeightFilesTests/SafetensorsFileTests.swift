import Foundation
import Testing
import WeightFiles

@Suite struct SafetensorsFileTests {
    @Test func everyTypeOfTheReferenceWriterIsRead() throws {
        let file = try SafetensorsFile(path: golden("types.safetensors"))
        #expect(file.metadata == ["format": "np"])
        func tensor(_ name: String) throws -> Tensor { try #require(file.tensors[name]) }
        #expect(try tensor("f16").floats() == [-3, -2, -1, 0, 1, 2] && tensor("f16").shape == [2, 3])
        #expect(try tensor("f64").floats() == [1.5, -.infinity])
        #expect(try tensor("i64").integers() == [1, -2, .max, .min] && tensor("i64").shape == [2, 2])
        #expect(try tensor("i32").integers() == [7, -7])
        #expect(try tensor("u8").integers() == [0, 255, 3])
        #expect(try tensor("bool").integers() == [1, 0])
        #expect(try tensor("i8").integers() == [-128, 127])
        #expect(try tensor("i16").integers() == [-300])
        #expect(try tensor("u16").integers() == [65_535])
        #expect(try tensor("u64").integers() == [5] && tensor("u64").shape == [] && tensor("u64").rows == 1)
        #expect(try tensor("u32").floats() == [4_294_967_296])
        #expect(try tensor("i16").floats() == [-300] && tensor("bool").floats() == [1, 0])
        #expect(try tensor("empty").floats().isEmpty && tensor("empty").shape == [0, 4] && tensor("empty").rows == 0)
    }

    @Test func integersThatDoNotFitAndFloatsAreRefused() throws {
        let file = try SafetensorsFile(path: golden("types.safetensors"))
        let wide = try #require(file.tensors["u32"])
        let error = #expect(throws: WeightFileError.self) { try wide.integers() }
        #expect(error?.field == "tensors[u32].value 0" && error?.found == "4294967295")
        let float = try #require(file.tensors["f16"])
        #expect(#expect(throws: WeightFileError.self) { try float.integers() }?.found == "f16")
    }

    @Test func tensorsAtOddAddressesAreRead() throws {
        let header =
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[1,9]}}"
        let data = [9] + little(Float(2.5).bitPattern) + little(Float(-1).bitPattern)
        let stored = try TemporaryFile(safetensors(header: header, data: data))
        let file = try stored.open { try SafetensorsFile(path: $0) }
        #expect(try #require(file.tensors["b"]).floats() == [2.5, -1])
        #expect(try #require(file.tensors["b"]).withBytes { Array($0) } == Array(data.dropFirst()))
    }

    @Test func writtenFilesAreReadBackBitForBit() throws {
        let stored = try TemporaryFile([])
        let odd = "quote\" back\\slash\u{1} naïve"
        let values: [Float] = [1, -0.0, .infinity, .leastNonzeroMagnitude, 3.25, .greatestFiniteMagnitude]
        try SafetensorsFile.write(
            [("layers.10", [2, 3], values), (odd, [], [7]), ("none", [0, 5], []), ("vector", [1], [2])], to: stored.path
        )
        let file = try stored.open { try SafetensorsFile(path: $0) }
        #expect(file.tensors.count == 4)
        let tensor = try #require(file.tensors["layers.10"])
        #expect(tensor.shape == [2, 3])
        #expect(try tensor.floats().map(\.bitPattern) == values.map(\.bitPattern))
        #expect(try #require(file.tensors[odd]).floats() == [7])
        #expect(try #require(file.tensors["none"]).floats() == [])
        #expect(tensor.withBytes { UInt(bitPattern: $0.baseAddress) % 8 } == 0)
    }

    @Test func theHeaderIsWrittenInOneForm() throws {
        let stored = try TemporaryFile([])
        try SafetensorsFile.write([("a \"b\"", [2, 1], [1, 2]), ("c", [], [3])], to: stored.path)
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: stored.path)))
        let header =
            #"{"a \"b\"":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"#
            + #""c":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}"#
        #expect(
            String(decoding: bytes.dropFirst(8).dropLast(12), as: UTF8.self).trimmingPrefix(header).allSatisfy {
                $0 == " "
            })
        #expect((bytes.count - 8 - 12) % 8 == 0 && bytes.dropFirst(8).starts(with: header.utf8))
    }

    @Test func whatCannotBeWrittenIsRefusedAndLeavesNothing() throws {
        let stored = try TemporaryFile([1, 2, 3])
        for tensors in [[("a", [2], [1 as Float])], [("a", [1], [1]), ("a", [1], [1])], [("__metadata__", [1], [1])]] {
            let error = #expect(throws: WeightFileError.self) { try SafetensorsFile.write(tensors, to: stored.path) }
            #expect(error?.kind == .request)
        }
        let error = #expect(throws: WeightFileError.self) {
            try SafetensorsFile.write([("a", [1], [1])], to: "/nowhere/out.safetensors")
        }
        #expect(error?.kind == .file)
        #expect(throws: WeightFileError.self) { try SafetensorsFile(path: stored.path + ".partial") }
        #expect(throws: WeightFileError.self) { try stored.open { try SafetensorsFile(path: $0) } }
    }
}
