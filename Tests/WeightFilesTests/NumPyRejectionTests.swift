import Foundation
import TestSupport
import Testing
import WeightFiles

@Suite struct NumPyRejectionTests {
    struct Fault: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let kind: WeightFileError.Kind
        let field: String
        let bytes: [UInt8]

        init(
            _ name: String, _ kind: WeightFileError.Kind, _ field: String, _ change: (inout ZipBytes) -> Void
        ) {
            var zip = NumPyRejectionTests.sound
            change(&zip)
            testDescription = name
            self.kind = kind
            self.field = field
            bytes = zip.bytes
        }

        /// An array with this header and eight bytes of data.
        init(_ name: String, _ kind: WeightFileError.Kind, _ field: String, header: String) {
            self.init(name, kind, field) { $0.entries[0].content = npy(header, [UInt8](repeating: 0, count: 8)) }
        }
    }

    static let content = npy(shape: "(2,)", [1, 2])
    static let sound = ZipBytes(entries: [.init(name: "x.npy", content: content)])

    static let faults = [
        Fault("encrypted", .unsupported, "x.npy flags") { $0.entries[0].flags = 1 },
        Fault("another compression", .unsupported, "x.npy compression") { $0.entries[0].method = 12 },
        Fault("name twice", .invalid, "x.npy") { $0.entries.append($0.entries[0]) },
        Fault("overlap", .invalid, "tensors[y.npy].offset") {
            $0.entries.append($0.entries[0])
            $0.entries[1].name = "y.npy"
            $0.entries[1].offset = 0
        },
        Fault("another file", .unsupported, "x.txt") { $0.entries[0].name = "x.txt" },
        Fault("more entries than fit", .truncated, "directory count") { $0.count = 9 },
        Fault("directory outside", .truncated, "directory") { $0.directoryOffset = 0x7fff_ffff },
        Fault("directory elsewhere", .invalid, "directory entry 0") { $0.directoryOffset = 0 },
        Fault("several volumes", .unsupported, "disk number") { $0.disk = 1 },
        Fault("content outside", .truncated, "x.npy") { $0.entries[0].compressedSize = 100_000 },
        Fault("header outside", .truncated, "x.npy local header") { $0.entries[0].offset = 0x7fff_ffff },
        Fault("header elsewhere", .invalid, "x.npy local header") { $0.entries[0].offset = 3 },
        Fault("64 bits missing", .invalid, "x.npy size") { $0.entries[0].size = .max },
        Fault("64 bits absurd", .truncated, "x.npy local header") {
            $0.entries[0].offset = .max
            $0.entries[0].extra = little(UInt16(1)) + little(UInt16(8)) + little(UInt64.max)
        },
        Fault("stored with another size", .invalid, "x.npy size") { $0.entries[0].size = 1 },
        Fault("a bomb by its size", .invalid, "x.npy size") {
            $0.entries[0].method = 8
            $0.entries[0].size = 0xffff_fff0
        },
        Fault("more than announced", .invalid, "x.npy") {
            $0.entries[0].method = 8
            $0.entries[0].content = deflated(content)
            $0.entries[0].size = UInt32(content.count) - 1
        },
        Fault("less than announced", .invalid, "x.npy") {
            $0.entries[0].method = 8
            $0.entries[0].content = deflated(content)
            $0.entries[0].size = UInt32(content.count) + 1
        },
        Fault("cut short", .truncated, "x.npy") {
            $0.entries[0].method = 8
            $0.entries[0].content = Array(deflated(content).dropLast(3))
            $0.entries[0].size = UInt32(content.count)
        },
        Fault("no deflated data", .invalid, "x.npy") {
            $0.entries[0].method = 8
            $0.entries[0].content = [0xff, 0xff, 0xff]
        },
        Fault("checksum", .invalid, "x.npy checksum") {
            $0.entries[0].method = 8
            $0.entries[0].content = deflated(content)
            $0.entries[0].size = UInt32(content.count)
            $0.entries[0].checksum = 5
        },
        Fault("no array", .format, "x magic") { $0.entries[0].content = Array("PK not an array".utf8) },
        Fault("version", .unsupported, "x version") { $0.entries[0].content = npy("{}", [], version: 4) },
        Fault("endless header", .invalid, "x header length") {
            $0.entries[0].content = npy("{}", [], version: 2)
            $0.entries[0].content[10] = 1
        },
        Fault("header longer than the file", .truncated, "x header") {
            $0.entries[0].content = npy("{}", [])
            $0.entries[0].content[8] = 200
        },
        Fault("no dictionary", .invalid, "x header", header: "['descr']"),
        Fault("field twice", .invalid, "x header", header: "{'descr':'<f4','descr':'<f4'}"),
        Fault("unknown field", .invalid, "x header", header: "{'order':'C'}"),
        Fault("text behind", .invalid, "x header", header: "{'descr':'<f4','fortran_order':False,'shape':(2,)} x"),
        Fault("text without end", .invalid, "x header", header: "{'descr':'<f4"),
        Fault("no type", .unsupported, "x descr", header: "{'fortran_order':False,'shape':(2,)}"),
        Fault("objects", .unsupported, "x descr", header: "{'descr':'|O','fortran_order':False,'shape':(1,)}"),
        Fault("big-endian", .unsupported, "x descr", header: "{'descr':'>f4','fortran_order':False,'shape':(2,)}"),
        Fault(
            "several fields", .unsupported, "x descr",
            header: "{'descr':[('a','<f4')],'fortran_order':False,'shape':(2,)}"),
        Fault(
            "columns first", .unsupported, "x fortran_order",
            header: "{'descr':'<f4','fortran_order':True,'shape':(2,)}"),
        Fault("no order", .unsupported, "x fortran_order", header: "{'descr':'<f4','shape':(2,)}"),
        Fault("no shape", .invalid, "x shape", header: "{'descr':'<f4','fortran_order':False}"),
        Fault("negative size", .invalid, "x header", header: "{'descr':'<f4','fortran_order':False,'shape':(-2,)}"),
        Fault(
            "size beyond 64 bits", .invalid, "x header",
            header: "{'descr':'<f4','fortran_order':False,'shape':(99999999999999999999,)}"),
        Fault(
            "overflowing shape", .invalid, "x shape",
            header: "{'descr':'<f4','fortran_order':False,'shape':(4611686018427387904,4)}"),
        Fault(
            "many dimensions", .invalid, "x shape",
            header: "{'descr':'<f4','fortran_order':False,'shape':(1,1,1,1,1,1,1,1,2)}"),
        Fault("more values", .truncated, "x shape", header: "{'descr':'<f4','fortran_order':False,'shape':(3,)}"),
        Fault("fewer values", .truncated, "x shape", header: "{'descr':'<f4','fortran_order':False,'shape':(1,)}"),
    ]

    @Test(arguments: faults)
    func aBrokenFieldIsNamed(fault: Fault) throws {
        let stored = try TemporaryFile(fault.bytes)
        let error = #expect(throws: WeightFileError.self) { try stored.open { try NumPyArchive(path: $0) } }
        #expect(error?.kind == fault.kind)
        #expect(error?.field == fault.field, "\(error?.description ?? "")")
        #expect(error?.file == stored.path && error?.found.isEmpty == false && error?.expected.isEmpty == false)
    }

    @Test func theSoundArchiveIsTaken() throws {
        let stored = try TemporaryFile(Self.sound.bytes)
        #expect(try stored.open { try NumPyArchive(path: $0) }.arrays["x"]?.floats() == [1, 2])
    }

    /// As NumPy itself writes them.
    @Test(arguments: [
        ("bomb.npz", "zeros.npy size"), ("fortran.npz", "matrix fortran_order"), ("objects.npz", "matrix descr"),
        ("structured.npz", "matrix descr"), ("swapped.npz", "matrix descr"), ("quantized.gguf", "end of directory"),
    ])
    func archivesThatCannotBeUsedAreRefused(name: String, field: String) throws {
        let error = #expect(throws: WeightFileError.self) { try NumPyArchive(path: golden(name)) }
        #expect(error?.field == field)
    }

    @Test(arguments: ["stored.npz", "compressed.npz"])
    func everyTruncationIsAnError(name: String) throws {
        let whole = [UInt8](try Data(contentsOf: URL(filePath: golden(name))))
        let stored = try TemporaryFile([])
        for length in 0..<whole.count {
            try stored.replace(with: Array(whole[..<length]))
            #expect(throws: WeightFileError.self) { try stored.open { try NumPyArchive(path: $0) } }
        }
    }

    @Test(arguments: ["stored.npz", "compressed.npz"])
    func anyChangedByteGivesAnArchiveOrAnErrorButNeverATrap(name: String) throws {
        let whole = [UInt8](try Data(contentsOf: URL(filePath: golden(name))))
        var random = SplitMix(state: 13)
        var refused = 0
        let stored = try TemporaryFile([])
        for round in 0..<1500 {
            var bytes = whole
            for _ in 0...round % 3 {
                bytes[Int(random.next() % UInt64(whole.count))] =
                    [0, 1, 0x7f, 0x80, 0xff, UInt8(random.next() & 255)].randomElement(using: &random) ?? 0
            }
            try stored.replace(with: bytes)
            do throws(WeightFileError) {
                let archive = try stored.open { path throws(WeightFileError) in try NumPyArchive(path: path) }
                for array in archive.arrays.values { _ = try array.floats() }
            } catch {
                refused += 1
            }
        }
        #expect(refused > 200 && refused < 1500)
    }
}
