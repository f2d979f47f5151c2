import Foundation

/// One file of a delphi cache, of any tensors, so that any of them can be of another kind or missing.
struct DelphiFile {
    typealias Part = (type: String, shape: [Int], bytes: Data)
    /// By name.
    var parts: [String: Part]

    /// Two rows of three tokens and three activations of two latents.
    init() {
        parts = [
            "tokens": ("I64", [2, 3], Self.bytes([10, 11, 12, 20, 21, 22] as [Int64])),
            "locations": ("U16", [3, 3], Self.bytes([0, 0, 0, 0, 2, 1, 1, 1, 0] as [UInt16])),
            "activations": ("F32", [3], Self.floats([0.5, 2, -1])),
        ]
    }

    /// Writes it as a safetensors file.
    func write(to path: String) throws {
        var (header, data) = ([String](), Data())
        for (name, part) in parts.sorted(by: { $0.key < $1.key }) {
            header.append(
                #""\#(name)":{"dtype":"\#(part.type)","shape":\#(part.shape),"#
                    + #""data_offsets":[\#(data.count),\#(data.count + part.bytes.count)]}"#)
            data += part.bytes
        }
        let text = Data("{\(header.joined(separator: ","))}".utf8)
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try (Self.bytes([UInt64(text.count)]) + text + data).write(to: url)
    }

    static func bytes<Number: FixedWidthInteger>(_ numbers: [Number]) -> Data {
        numbers.reduce(into: Data()) { data, number in
            withUnsafeBytes(of: number.littleEndian) { data.append(contentsOf: $0) }
        }
    }

    static func floats(_ values: [Float]) -> Data { bytes(values.map(\.bitPattern)) }
}
