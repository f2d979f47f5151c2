import TestSupport
import Testing
import WeightFiles

@Suite struct SafetensorsRejectionTests {
    struct Fault: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let kind: WeightFileError.Kind
        let field: String
        let bytes: [UInt8]

        init(_ name: String, _ kind: WeightFileError.Kind, _ field: String, _ bytes: [UInt8]) {
            testDescription = name
            self.kind = kind
            self.field = field
            self.bytes = bytes
        }

        /// Eight bytes of data and a header in which `x` has these members.
        init(_ name: String, _ kind: WeightFileError.Kind, _ field: String, x members: String) {
            self.init(
                name, kind, field,
                safetensors(header: "{\"x\":\(members)}", data: [UInt8](repeating: 0, count: 8)))
        }
    }

    static let faults = [
        Fault("header longer than the file", .truncated, "header length", little(UInt64(100)) + Array("{}".utf8)),
        Fault("header length of all ones", .truncated, "header length", little(UInt64.max) + Array("{}".utf8)),
        Fault("header length cut short", .truncated, "header length", [1, 2, 3]),
        Fault("no object", .format, "header", safetensors(header: "[]", data: [])),
        Fault("not JSON", .invalid, "header", safetensors(header: "{\"x\"", data: [])),
        Fault(
            "deep nesting", .invalid, "header",
            safetensors(header: "{\"x\":" + String(repeating: "[", count: 99_999), data: [])),
        Fault("metadata is no object", .invalid, "__metadata__", safetensors(header: "{\"__metadata__\":1}", data: [])),
        Fault(
            "metadata is no text", .invalid, "__metadata__[a]",
            safetensors(header: "{\"__metadata__\":{\"a\":1}}", data: [])),
        Fault(
            "name twice", .invalid, "tensors[x]",
            safetensors(
                header:
                    "{\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}",
                data: [1, 2])),
        Fault("no member", .invalid, "tensors[x]", x: "{}"),
        Fault("a text for a tensor", .invalid, "tensors[x]", x: "\"y\""),
        Fault(
            "another member", .invalid, "tensors[x]",
            x: "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"y\":1}"),
        Fault(
            "unknown type", .unsupported, "tensors[x].dtype",
            x: "{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}"),
        Fault(
            "negative size", .invalid, "tensors[x].shape",
            x: "{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}"),
        Fault(
            "fractional size", .invalid, "tensors[x].shape",
            x: "{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}"),
        Fault(
            "overflowing shape", .invalid, "tensors[x].shape",
            x: "{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,8]}"),
        Fault(
            "overflowing size", .invalid, "tensors[x].shape",
            x: "{\"dtype\":\"F32\",\"shape\":[4611686018427387904],\"data_offsets\":[0,8]}"),
        Fault(
            "one offset", .invalid, "tensors[x].data_offsets",
            x: "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8]}"),
        Fault(
            "offsets turned round", .invalid, "tensors[x].data_offsets",
            x: "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}"),
        Fault(
            "negative offset", .invalid, "tensors[x].data_offsets",
            x: "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}"),
        Fault(
            "offset outside", .truncated, "tensors[x].data_offsets",
            x: "{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}"),
        Fault(
            "offset beyond 64 bits", .invalid, "tensors[x].data_offsets",
            x: "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,99999999999999999999]}"),
        Fault(
            "size against shape", .invalid, "tensors[x].data_offsets",
            x: "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}"),
        Fault("data left over", .invalid, "data", x: "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}"),
        Fault(
            "a gap", .invalid, "tensors[x].data_offsets", x: "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}"),
        Fault(
            "overlap", .invalid, "tensors[y].data_offsets",
            safetensors(
                header:
                    "{\"x\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"y\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}",
                data: [1, 2, 3])),
    ]

    @Test(arguments: faults)
    func aBrokenFieldIsNamed(fault: Fault) throws {
        let stored = try TemporaryFile(fault.bytes)
        let error = #expect(throws: WeightFileError.self) { try stored.open { try SafetensorsFile(path: $0) } }
        #expect(error?.kind == fault.kind)
        #expect(error?.field == fault.field)
        #expect(error?.file == stored.path && error?.found.isEmpty == false && error?.expected.isEmpty == false)
    }

    @Test(arguments: [
        ("{\"x\" 3}", "found no JSON at offset 13: \"3}\", expected \":\""),
        ("{\"x\"", "found no JSON at offset 12: the end, expected \":\""),
        ("{\"x\":1e999}", "found no JSON at offset 13: \"1e999}\", expected a number of 64 bits"),
        ("{\"x\":[}", "found no JSON at offset 14: \"}\", expected a value"),
    ])
    func aHeaderThatIsNotJSONIsNamedByItsOffsetInTheFile(header: String, message: String) throws {
        let stored = try TemporaryFile(safetensors(header: header, data: []))
        let error = #expect(throws: WeightFileError.self) { try stored.open { try SafetensorsFile(path: $0) } }
        #expect(error?.description == "\(stored.path): header: \(message)")
    }

    @Test func aWrongListIsShownAsItIsWritten() throws {
        let header = #"{"x":{"dtype":"F32","shape":[-2, "a"],"data_offsets":[0,8]}}"#
        let stored = try TemporaryFile(safetensors(header: header, data: []))
        let error = #expect(throws: WeightFileError.self) { try stored.open { try SafetensorsFile(path: $0) } }
        #expect(error?.found == #"[-2,"a"]"#)
    }

    @Test func everyTruncationIsAnError() throws {
        let whole = safetensors("F32", [2], little(UInt64(0)))
        let stored = try TemporaryFile([])
        for length in 0..<whole.count {
            try stored.replace(with: Array(whole[..<length]))
            #expect(throws: WeightFileError.self) { try stored.open { try SafetensorsFile(path: $0) } }
        }
    }

    @Test func anyChangedByteGivesAFileOrAnErrorButNeverATrap() throws {
        let whole = safetensors("F32", [2, 1], little(UInt64(0)))
        var random = SplitMix(state: 12)
        var refused = 0
        let stored = try TemporaryFile([])
        for _ in 0..<1500 {
            var bytes = whole
            let place = Int(random.next() % UInt64(whole.count))
            bytes[place] = Array("0123456789-[]{}\",:.eE\\u\u{0}".utf8).randomElement(using: &random) ?? 0
            try stored.replace(with: bytes)
            do throws(WeightFileError) {
                let file = try stored.open { path throws(WeightFileError) in try SafetensorsFile(path: path) }
                for tensor in file.tensors.values {
                    _ = try tensor.floats()
                }
            } catch {
                refused += 1
            }
        }
        #expect(refused > 200 && refused < 1500)
    }
}
