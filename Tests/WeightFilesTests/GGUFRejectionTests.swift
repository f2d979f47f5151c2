import TestSupport
import Testing
import WeightFiles

@Suite struct GGUFRejectionTests {
    struct Fault: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let kind: WeightFileError.Kind
        let field: String
        let expected: String
        let bytes: [UInt8]

        init(
            _ name: String, _ kind: WeightFileError.Kind, _ field: String, expected: String,
            _ change: (inout GGUFBytes) -> Void
        ) {
            var file = GGUFBytes.sound
            change(&file)
            bytes = file.bytes
            testDescription = name
            self.kind = kind
            self.field = field
            self.expected = expected
        }
    }

    static let faults = [
        Fault("another format", .format, "magic", expected: "GGUF") { $0.magic = Array("GGML".utf8) },
        Fault("version 1", .unsupported, "version", expected: "2 or 3") { $0.version = 1 },
        Fault("big-endian", .unsupported, "version", expected: "little-endian") { $0.version = 0x0300_0000 },
        Fault("absurd tensor count", .truncated, "tensor_count", expected: "at most") { $0.tensorCount = .max },
        Fault("absurd entry count", .truncated, "metadata_kv_count", expected: "at most") { $0.entryCount = 1 << 60 },
        Fault("endless key", .truncated, "metadata key 1", expected: "1099511627776 bytes") {
            $0.entryCount = 2
            $0.tensors = []
            $0.alignment = 1
            $0.data = little(UInt64(1 << 40)) + [UInt8](repeating: 0x61, count: 24)
        },
        Fault("key twice", .invalid, "metadata[general.architecture]", expected: "once") {
            $0.entries.append($0.entries[0])
        },
        Fault("unknown value type", .invalid, "metadata[k].type", expected: "0 to 12") {
            $0.entries = [("k", little(UInt32(13)) + little(UInt32(0)))]
        },
        Fault("truth value of 2", .invalid, "metadata[k]", expected: "0 or 1") {
            $0.entries = [("k", little(UInt32(7)) + [2])]
        },
        Fault("text that is not UTF-8", .invalid, "metadata[k]", expected: "UTF-8") {
            $0.entries = [("k", little(UInt32(8)) + little(UInt64(2)) + [0xc3, 0x28])]
        },
        Fault("absurd array", .truncated, "metadata[k].count", expected: "at most") {
            $0.entries = [("k", little(UInt32(9)) + array(8, 1 << 61, []))]
        },
        Fault("unknown element type", .invalid, "metadata[k].element type", expected: "0 to 12") {
            $0.entries = [("k", little(UInt32(9)) + array(99, 0, []))]
        },
        Fault("arrays too deep", .invalid, "metadata[k].element type", expected: "4 arrays deep") {
            $0.entries = [("k", little(UInt32(9)) + (0..<9).reduce([]) { inner, _ in array(9, 1, inner) })]
        },
        Fault("alignment of 0", .invalid, "metadata[general.alignment]", expected: "power of two") {
            $0.entries.append(("general.alignment", little(UInt32(4)) + little(UInt32(0))))
        },
        Fault("alignment of 48", .invalid, "metadata[general.alignment]", expected: "power of two") {
            $0.entries.append(("general.alignment", little(UInt32(4)) + little(UInt32(48))))
        },
        Fault("alignment as text", .invalid, "metadata[general.alignment]", expected: "power of two") {
            $0.entries.append(("general.alignment", little(UInt32(8)) + text("32")))
        },
        Fault("too many dimensions", .invalid, "tensors[weight].n_dimensions", expected: "at most 4") {
            $0.tensors[0].dimensions = [1, 1, 1, 1, 8]
        },
        Fault("dimension above Int.max", .invalid, "tensors[weight].dimensions[1]", expected: "at most") {
            $0.tensors[0].dimensions = [4, 1 << 63]
        },
        Fault("overflowing shape", .invalid, "tensors[weight].shape", expected: "2^63") {
            $0.tensors[0].dimensions = [1 << 32, 1 << 32]
        },
        Fault("overflowing size", .invalid, "tensors[weight].shape", expected: "2^63") {
            $0.tensors[0].dimensions = [1 << 31, 1 << 31]
        },
        Fault("unknown tensor type", .unsupported, "tensors[weight].type", expected: "Q4_0") {
            $0.tensors[0].type = 16
        },
        Fault("rows of broken blocks", .invalid, "tensors[weight].shape", expected: "blocks of 32") {
            $0.tensors[0].type = 8
        },
        Fault("misaligned offset", .invalid, "tensors[weight].offset", expected: "multiple of the alignment, 32") {
            $0.tensors[0].offset = 4
        },
        Fault("offset outside", .truncated, "tensors[weight].offset", expected: "within the 32 bytes") {
            $0.tensors[0].offset = 32
        },
        Fault("offset that overflows", .truncated, "tensors[weight].offset", expected: "within") {
            $0.tensors[0].offset = .max - 31
        },
        Fault("data cut short", .truncated, "tensors[weight].offset", expected: "within the 31 bytes") {
            $0.data.removeLast()
        },
        Fault("no data", .truncated, "tensors[weight].offset", expected: "within the 0 bytes") { $0.data = [] },
        Fault("name twice", .invalid, "tensors[weight]", expected: "once") {
            $0.tensors.append($0.tensors[0])
            $0.tensors[1].offset = 32
            $0.data += $0.data
        },
        Fault("overlap", .invalid, "tensors[other].offset", expected: "end of weight") {
            $0.tensors.append(.init(name: "other", dimensions: [2, 4, 2], type: 0, offset: 0))
            $0.data += $0.data
        },
    ]

    @Test(arguments: faults)
    func aBrokenFieldIsNamedWithWhatWasFoundAndExpected(fault: Fault) throws {
        let stored = try TemporaryFile(fault.bytes)
        let error = #expect(throws: WeightFileError.self) { try stored.open { try GGUFFile(path: $0) } }
        #expect(error?.kind == fault.kind)
        #expect(error?.field == fault.field)
        #expect(error?.expected.contains(fault.expected) == true, "\(error?.expected ?? "")")
        #expect(error?.file == stored.path && error?.found.isEmpty == false)
        #expect(error?.description.contains(stored.path) == true)
    }

    @Test func everyTruncationIsAnError() throws {
        let whole = GGUFBytes.sound.bytes
        let stored = try TemporaryFile([])
        for length in 0..<whole.count {
            try stored.replace(with: Array(whole[..<length]))
            #expect(throws: WeightFileError.self) { try stored.open { try GGUFFile(path: $0) } }
        }
    }

    @Test func anyChangedByteGivesAFileOrAnErrorButNeverATrap() throws {
        let whole = GGUFBytes.sound.bytes
        var random = SplitMix(state: 11)
        var refused = 0
        let stored = try TemporaryFile([])
        for round in 0..<1500 {
            var bytes = whole
            for _ in 0...round % 3 {
                bytes[Int(random.next() % UInt64(whole.count))] =
                    [0, 1, 0x7f, 0x80, 0xff, UInt8(random.next() & 255)]
                    .randomElement(using: &random) ?? 0
            }
            try stored.replace(with: bytes)
            do throws(WeightFileError) {
                let file = try stored.open { path throws(WeightFileError) in try GGUFFile(path: path) }
                for tensor in file.tensors.values { _ = try tensor.floats() }
            } catch {
                refused += 1
            }
        }
        #expect(refused > 200 && refused < 1500)
    }

    @Test func filesThatCannotBeOpenedAreNamed() throws {
        for path in ["/nowhere/model.gguf", "/", "/dev/null"] {
            let error = #expect(throws: WeightFileError.self) { try GGUFFile(path: path) }
            #expect(error?.kind == .file && error?.file == path)
        }
        let empty = try TemporaryFile([])
        let error = #expect(throws: WeightFileError.self) { try empty.open { try GGUFFile(path: $0) } }
        #expect(error?.kind == .truncated && error?.found == "0 bytes")
    }

    @Test func whatAFileSaysIsHarmlessOnATerminal() {
        let error = WeightFileError(
            .invalid, file: "a", field: "tensors[\u{1b}[31m]", found: String(repeating: "x", count: 10_000),
            expected: "b")
        #expect(!error.description.contains("\u{1b}"))
        #expect(error.description.count < 400)
    }
}
