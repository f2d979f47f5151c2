import Foundation

/// A delphi cache of three latents in two files, with two rows of four tokens, any part of which can be spoilt.
package struct DelphiFolder {
    package var tokens: [Int64] = [1, 2, 3, 4, 5, 6, 7, 8]
    package var shape = [2, 4]
    package var names = ["0_1.safetensors", "2_2.safetensors"]
    /// By file: row, position and latent of each activation.
    package var locations: [[[UInt16]]] = [[[0, 1, 0], [0, 1, 1], [1, 3, 0]], [[0, 0, 0], [1, 2, 0]]]
    /// By file, as bits of 16-bit floats: 1.5, -2, .25; infinity, 3.
    package var activations: [[UInt16]] = [[0x3E00, 0xC000, 0x3400], [0x7C00, 0x4200]]
    package var locationType = "U16"
    /// Tokens of the second file, where they are other ones.
    package var otherTokens: [Int64]?

    package init() {}

    package func write(to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (index, name) in names.enumerated() {
            let words = locations[index].joined()
            let parts: [(name: String, type: String, shape: [Int], bytes: Data)] = [
                ("tokens", "I64", shape, Self.bytes(index == 1 ? otherTokens ?? tokens : tokens)),
                ("activations", "F16", [activations[index].count], Self.bytes(activations[index])),
                (
                    "locations", locationType, [locations[index].count, 3],
                    locationType == "U32" ? Self.bytes(words.map(UInt32.init)) : Self.bytes(Array(words))
                ),
            ]
            var (header, data) = ([String](), Data())
            for part in parts {
                header.append(
                    #""\#(part.name)":{"dtype":"\#(part.type)","shape":\#(part.shape),"#
                        + #""data_offsets":[\#(data.count),\#(data.count + part.bytes.count)]}"#)
                data += part.bytes
            }
            let text = Data("{\(header.joined(separator: ","))}".utf8)
            try (Self.bytes([UInt64(text.count)]) + text + data).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
    }

    private static func bytes<Number: FixedWidthInteger>(_ numbers: [Number]) -> Data {
        numbers.reduce(into: Data()) { data, number in
            withUnsafeBytes(of: number.littleEndian) { data.append(contentsOf: $0) }
        }
    }
}
