import Foundation

/// Writes small GGUF files (version 3) for tests.
struct GGUFBuilder {
    /// A value of the metadata.
    enum Value {
        case integer(UInt32)
        case number(Float)
        case text(String)
        case boolean(Bool)
    }

    var metadata: [(String, Value)] = []
    /// Shapes are outermost first; `type` is ggml's number.
    var tensors: [(name: String, shape: [Int], type: UInt32, bytes: [UInt8])] = []

    static func bytes<Stored: FixedWidthInteger>(_ value: Stored) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    static func floats(_ values: [Float]) -> [UInt8] { values.flatMap { bytes($0.bitPattern) } }

    static func halves(_ values: [Float]) -> [UInt8] { values.flatMap { bytes(Float16($0).bitPattern) } }

    /// ggml's Q8_0: blocks of a half-precision scale and 32 signed bytes.
    static func q8_0(_ values: [Float]) -> [UInt8] {
        stride(from: 0, to: values.count, by: 32).flatMap { start in
            let block = values[start..<start + 32]
            let scale = Float16((block.map(abs).max() ?? 0) / 127)
            return bytes(scale.bitPattern)
                + block.map { UInt8(bitPattern: Int8(scale == 0 ? 0 : ($0 / Float(scale)).rounded().clamped(127))) }
        }
    }

    private static func text(_ text: String) -> [UInt8] { bytes(UInt64(text.utf8.count)) + Array(text.utf8) }

    func write(to path: String) throws {
        var out = Array("GGUF".utf8) + Self.bytes(UInt32(3))
        out += Self.bytes(UInt64(tensors.count)) + Self.bytes(UInt64(metadata.count))
        for (key, value) in metadata {
            out += Self.text(key)
            switch value {
            case .integer(let value): out += Self.bytes(UInt32(4)) + Self.bytes(value)
            case .number(let value): out += Self.bytes(UInt32(6)) + Self.bytes(value.bitPattern)
            case .boolean(let value): out += Self.bytes(UInt32(7)) + [value ? 1 : 0]
            case .text(let value): out += Self.bytes(UInt32(8)) + Self.text(value)
            }
        }
        func padded(_ count: Int) -> Int { (count + 31) / 32 * 32 }
        var offset = 0
        for tensor in tensors {
            out += Self.text(tensor.name) + Self.bytes(UInt32(tensor.shape.count))
            for size in tensor.shape.reversed() { out += Self.bytes(UInt64(size)) }
            out += Self.bytes(tensor.type) + Self.bytes(UInt64(offset))
            offset += padded(tensor.bytes.count)
        }
        out += [UInt8](repeating: 0, count: padded(out.count) - out.count)
        for tensor in tensors {
            out += tensor.bytes + [UInt8](repeating: 0, count: padded(tensor.bytes.count) - tensor.bytes.count)
        }
        try Data(out).write(to: URL(fileURLWithPath: path))
    }
}

extension Float {
    fileprivate func clamped(_ most: Float) -> Float { Swift.min(Swift.max(self, -most), most) }
}
