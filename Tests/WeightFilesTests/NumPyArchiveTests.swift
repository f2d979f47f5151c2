import Testing
import WeightFiles

@Suite struct NumPyArchiveTests {
    @Test(arguments: ["stored.npz", "compressed.npz"])
    func arraysAreThoseThatNumPyWrote(name: String) throws {
        let archive = try NumPyArchive(path: golden(name))
        let expected = try SafetensorsFile(path: golden("arrays.safetensors")).tensors
        for (name, reference) in expected {
            let array = try #require(archive.arrays[name])
            #expect(array.shape == reference.shape && array.type == reference.type, "\(name)")
            #expect(try array.floats() == reference.floats(), "\(name)")
        }
        #expect(archive.arrays.count == expected.count + (name == "stored.npz" ? 0 : 1))
    }

    @Test func aSmallArrayOfZerosMayBeCompressedALot() throws {
        let zeros = try #require(NumPyArchive(path: golden("compressed.npz")).arrays["zeros"])
        #expect(zeros.shape == [200_000])
        #expect(try zeros.floats().allSatisfy { $0 == 0 })
    }

    @Test func archivesWithSixtyFourBitFieldsAreRead() throws {
        let content = npy(shape: "(2,)", [3, 4])
        let wide =
            little(UInt16(1)) + little(UInt16(16)) + little(UInt64(content.count)) + little(UInt64(content.count))
        var zip = ZipBytes(entries: [.init(name: "x.npy", content: content)])
        zip.entries[0].size = .max
        zip.entries[0].compressedSize = .max
        zip.entries[0].extra = little(UInt16(9)) + little(UInt16(1)) + [7] + wide
        let directory = UInt64(35 + content.count)
        let length = UInt64(51 + zip.entries[0].extra.count)
        let record =
            little(UInt32(0x0606_4b50)) + little(UInt64(44)) + little(UInt32(0)) + little(UInt64(0)) + little(UInt64(1))
            + little(UInt64(1)) + little(length) + little(directory)
        zip.beforeEnd =
            record + little(UInt32(0x0706_4b50)) + little(UInt32(0)) + little(directory + length) + little(UInt32(1))
        zip.count = .max
        zip.directoryOffset = .max
        let stored = try TemporaryFile(zip.bytes)
        let array = try #require(stored.open { try NumPyArchive(path: $0) }.arrays["x"])
        #expect(try array.floats() == [3, 4])
    }

    @Test(arguments: [1, 2, 3] as [UInt8])
    func headersOfAllVersionsAndOrdersAreRead(version: UInt8) throws {
        let header = "{ \"shape\":(1,2 ) ,'fortran_order':False, 'descr':'<f4'}  \n"
        let content = npy(header, little(Float(1).bitPattern) + little(Float(-2).bitPattern), version: version)
        let zip = ZipBytes(entries: [
            .init(name: "a.npy", content: content),
            .init(
                name: "b.npy", content: deflated(content), method: 8, size: UInt32(content.count),
                checksum: checksum(content)),
        ])
        let arrays = try TemporaryFile(zip.bytes).open { try NumPyArchive(path: $0) }.arrays
        #expect(try arrays["a"]?.floats() == [1, -2] && arrays["b"]?.floats() == [1, -2])
        #expect(arrays["a"]?.shape == [1, 2])
    }
}
