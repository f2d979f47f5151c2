import TestSupport
import Testing
import WeightFiles

/// Models in several GGUF files.
@Suite struct GGUFSplitTests {
    private static func name(_ number: Int, of count: Int) -> String {
        "model-0000\(number + 1)-of-0000\(count).gguf"
    }

    /// A part with one tensor of two values, the part's number twice.
    private static func part(
        _ number: Int, of count: Int, tensors: Int = 3, change: (inout GGUFBytes) -> Void = { _ in }
    ) -> [UInt8] {
        var file = GGUFBytes()
        if number == 0 { file.entries = [("general.architecture", little(UInt32(8)) + text("llama"))] }
        file.entries += [
            ("split.no", little(UInt32(2)) + little(UInt16(number))),
            ("split.count", little(UInt32(2)) + little(UInt16(count))),
            ("split.tensors.count", little(UInt32(5)) + little(Int32(tensors))),
        ]
        file.tensors = [.init(name: "weight\(number)", dimensions: [2], type: 0, offset: 0)]
        file.data = [Float(number), Float(number)].flatMap { little($0.bitPattern) }
        change(&file)
        return file.bytes
    }

    private static func folder(_ count: Int = 3, tensors: Int = 3) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for number in 0..<count {
            try folder.write(part(number, of: count, tensors: tensors), to: name(number, of: count))
        }
        return folder
    }

    @Test(arguments: 0..<3) func anyPartOpensAll(number: Int) throws {
        let folder = try Self.folder()
        let file = try GGUFFile(path: folder.file(Self.name(number, of: 3)))
        #expect(file.path == folder.file(Self.name(0, of: 3)))
        #expect(file.metadata["general.architecture"] == .string("llama"))
        #expect(file.tensors.keys.sorted() == ["weight0", "weight1", "weight2"])
        for part in 0..<3 {
            let tensor = try #require(file.tensors["weight\(part)"])
            #expect(
                try tensor.floats() == [Float(part), Float(part)] && tensor.file == folder.file(Self.name(part, of: 3)))
        }
    }

    @Test(arguments: [0, 1]) func aModelInOnePartIsOneFile(count: Int) throws {
        let stored = try TemporaryFile(Self.part(0, of: count, tensors: 1))
        #expect(try stored.open { try GGUFFile(path: $0) }.tensors.count == 1)
    }

    private static func error(_ folder: TemporaryFolder, _ name: String) -> WeightFileError? {
        do throws(WeightFileError) {
            _ = try GGUFFile(path: folder.file(name))
            return nil
        } catch {
            return error
        }
    }

    @Test func aMissingPartIsNamed() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.part(0, of: 2), to: Self.name(0, of: 2))
        #expect(Self.error(folder, Self.name(0, of: 2))?.file == folder.file(Self.name(1, of: 2)))
    }

    @Test func aPartUnderAnotherNameIsToldWhichItNeeds() throws {
        let folder = try Self.folder()
        try folder.write(Self.part(1, of: 3), to: "other.gguf")
        let error = Self.error(folder, "other.gguf")
        #expect(error?.found == "part 2 of 3 under another name")
        #expect(error?.expected.contains("-00002-of-00003.gguf") == true)
    }

    @Test func partsThatDoNotBelongTogetherAreRefused() throws {
        let folder = try Self.folder()
        try folder.write(Self.part(2, of: 3), to: Self.name(1, of: 3))
        #expect(Self.error(folder, Self.name(0, of: 3))?.file == folder.file(Self.name(1, of: 3)))
        try folder.write(Self.part(1, of: 3) { $0.tensors[0].name = "weight0" }, to: Self.name(1, of: 3))
        #expect(Self.error(folder, Self.name(0, of: 3))?.found == "the name in two parts")
        let short = try Self.folder(tensors: 4)
        #expect(Self.error(short, Self.name(0, of: 3))?.field == "metadata[split.tensors.count]")
    }

    @Test(arguments: [3, 65_535]) func aNumberThatIsNoPartsIsRefused(number: Int) throws {
        let folder = try Self.folder()
        let bytes = Self.part(number, of: 3)
        try folder.write(bytes, to: Self.name(0, of: 3))
        #expect(Self.error(folder, Self.name(0, of: 3))?.field == "metadata[split.no]")
    }

    @Test func everyTruncationAndChangedByteOfAPartGivesAFileOrAnError() throws {
        let folder = try Self.folder()
        let (first, second) = (Self.name(0, of: 3), Self.name(1, of: 3))
        let whole = Self.part(1, of: 3)
        for length in 0..<whole.count {
            try folder.write(whole[..<length], to: second)
            #expect(Self.error(folder, first) != nil)
        }
        var random = SplitMix(state: 5)
        var refused = 0
        for _ in 0..<600 {
            var bytes = whole
            bytes[Int(random.next() % UInt64(whole.count))] ^= UInt8(1 << (random.next() % 8))
            try folder.write(bytes, to: second)
            for name in [first, second] where Self.error(folder, name) != nil { refused += 1 }
        }
        #expect(refused > 200 && refused < 1200)
    }
}
