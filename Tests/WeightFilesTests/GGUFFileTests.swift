import Testing
import WeightFiles

@Suite struct GGUFFileTests {
    private func open(_ file: GGUFBytes) throws -> (GGUFFile, TemporaryFile) {
        let stored = try TemporaryFile(file.bytes)
        return (try stored.open { try GGUFFile(path: $0) }, stored)
    }

    @Test(arguments: [2, 3] as [UInt32])
    func bothVersionsAreRead(version: UInt32) throws {
        var bytes = GGUFBytes.sound
        bytes.version = version
        let (file, stored) = try open(bytes)
        #expect(file.path == stored.path)
        #expect(file.metadata == ["general.architecture": .string("llama")])
        let tensor = try #require(file.tensors["weight"])
        #expect(tensor.shape == [2, 4] && tensor.rows == 2 && tensor.columns == 4 && tensor.count == 8)
        #expect(tensor.type == .f32 && tensor.file == stored.path && tensor.byteCount == 32)
        #expect(try tensor.floats() == (0..<8).map { Float($0) })
    }

    @Test func everyMetadataTypeIsRead() throws {
        let values: [(String, UInt32, [UInt8], GGUFValue)] = [
            ("u8", 0, [200], .integer(200)), ("i8", 1, [0xfe], .integer(-2)),
            ("u16", 2, little(UInt16(60_000)), .integer(60_000)), ("i16", 3, little(Int16(-3)), .integer(-3)),
            ("u32", 4, little(UInt32.max), .integer(4_294_967_295)),
            ("i32", 5, little(Int32.min), .integer(-2_147_483_648)),
            ("f32", 6, little(Float(1.5).bitPattern), .number(1.5)), ("yes", 7, [1], .boolean(true)),
            ("text", 8, text("naïve"), .string("naïve")),
            ("u64", 10, little(UInt64(7)), .integer(7)), ("huge", 10, little(UInt64.max), .unsigned(.max)),
            ("i64", 11, little(Int64(-9)), .integer(-9)), ("f64", 12, little(0.1.bitPattern), .number(0.1)),
            ("bytes", 9, array(0, 2, [1, 255]), .integers([1, 255])),
            ("i8s", 9, array(1, 2, [1, 255]), .integers([1, -1])),
            ("u16s", 9, array(2, 1, little(UInt16.max)), .integers([65_535])),
            ("i16s", 9, array(3, 1, little(Int16.min)), .integers([-32_768])),
            ("u32s", 9, array(4, 1, little(UInt32.max)), .integers([4_294_967_295])),
            ("i32s", 9, array(5, 2, little(Int32(-1)) + little(Int32(1))), .integers([-1, 1])),
            ("f32s", 9, array(6, 1, little(Float(-2).bitPattern)), .numbers([-2])),
            ("flags", 9, array(7, 2, [0, 1]), .booleans([false, true])),
            ("texts", 9, array(8, 2, text("a") + text("")), .strings(["a", ""])),
            ("u64s", 9, array(10, 1, little(UInt64(8))), .integers([8])),
            (
                "huges", 9, array(10, 2, little(UInt64.max) + little(UInt64(1))),
                .values([.unsigned(.max), .integer(1)])
            ),
            ("i64s", 9, array(11, 1, little(Int64.min)), .integers([.min])),
            ("f64s", 9, array(12, 1, little(0.25.bitPattern)), .numbers([0.25])),
            (
                "nested", 9, array(9, 2, array(0, 1, [5]) + array(8, 1, text("x"))),
                .values([.integers([5]), .strings(["x"])])
            ),
            ("none", 9, array(8, 0, []), .strings([])),
        ]
        var bytes = GGUFBytes()
        bytes.entries = values.map { ($0.0, little($0.1) + $0.2) }
        let (file, _) = try open(bytes)
        #expect(file.metadata.count == values.count)
        for (key, _, _, expected) in values { #expect(file.metadata[key] == expected, "\(key)") }
    }

    @Test func accessorsGiveOnlyTheirOwnType() {
        #expect(
            GGUFValue.integer(3).integer == 3 && GGUFValue.integer(3).number == 3 && GGUFValue.integer(3).string == nil)
        #expect(GGUFValue.number(0.5).number == 0.5 && GGUFValue.number(0.5).integer == nil)
        #expect(GGUFValue.boolean(true).boolean == true && GGUFValue.boolean(true).integer == nil)
        #expect(GGUFValue.string("a").string == "a" && GGUFValue.string("a").strings == nil)
        #expect(GGUFValue.strings(["a"]).strings == ["a"] && GGUFValue.strings(["a"]).integers == nil)
        #expect(GGUFValue.integers([1]).integers == [1] && GGUFValue.integers([1]).numbers == [1])
        #expect(GGUFValue.numbers([0.5]).numbers == [0.5] && GGUFValue.numbers([0.5]).booleans == nil)
        #expect(GGUFValue.booleans([true]).booleans == [true])
    }

    @Test func theAlignmentOfTheFileIsKept() throws {
        var bytes = GGUFBytes.sound
        bytes.alignment = 64
        bytes.entries.append(("general.alignment", little(UInt32(4)) + little(UInt32(64))))
        bytes.tensors.append(.init(name: "bias", dimensions: [2], type: 26, offset: 64))
        bytes.data += [UInt8](repeating: 0, count: 32) + little(Int32(-5)) + little(Int32(6))
        let (file, _) = try open(bytes)
        #expect(try #require(file.tensors["bias"]).integers() == [-5, 6])
        #expect(try #require(file.tensors["weight"]).floats()[7] == 7)
    }

    @Test func aFileOfTheReferenceWriterIsRead() throws {
        let file = try GGUFFile(path: golden("quantized.gguf"))
        #expect(file.metadata["golden.text"]?.string == "naïve\n")
        #expect(file.metadata["golden.numbers"]?.numbers == [0.5, -2])
        #expect(file.tensors["q4_0"]?.shape == [3, 5, 64])
        #expect(file.tensors["q4_0"]?.rows == 15)
    }

    @Test func tensorsOutliveTheFileThatWasOpened() throws {
        let tensor: Tensor
        do {
            let stored = try TemporaryFile(GGUFBytes.sound.bytes)
            tensor = try #require(stored.open { try GGUFFile(path: $0) }.tensors["weight"])
        }
        #expect(try tensor.floats().last == 7)
    }
}

/// An array's bytes: element type, count, elements.
func array(_ type: UInt32, _ count: UInt64, _ elements: [UInt8]) -> [UInt8] {
    little(type) + little(count) + elements
}
