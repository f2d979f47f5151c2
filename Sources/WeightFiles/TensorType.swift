/// How the values of a tensor are stored.
///
/// Quantised types hold blocks of values that share a scale; names and layouts are those of ggml's `ggml-common.h`.
public enum TensorType: String, Sendable, Hashable, CaseIterable {
    /// IEEE 754 floats of 64, 32 and 16 bits, and bfloat16.
    case f64, f32, f16, bf16
    /// Signed integers.
    case i8, i16, i32, i64
    /// Unsigned integers, and truth values of one byte.
    case u8, u16, u32, u64, boolean
    // swift-format-ignore: AlwaysUseLowerCamelCase
    /// ggml's blocks of 32 values.
    case q4_0, q4_1, q5_0, q5_1, q8_0
    /// Blocks of 32 floats of four bits with a common exponent (OCP Microscaling Formats).
    case mxfp4
    // swift-format-ignore: AlwaysUseLowerCamelCase
    /// ggml's blocks of 256 values.
    case q2_k, q3_k, q4_k, q5_k, q6_k

    /// The number of values in one block; 1 for types that are not quantised.
    public var valuesPerBlock: Int { layout.values }

    /// The number of bytes of one block.
    public var bytesPerBlock: Int { layout.bytes }

    private var layout: (values: Int, bytes: Int) {
        switch self {
        case .i8, .u8, .boolean: (1, 1)
        case .f16, .bf16, .i16, .u16: (1, 2)
        case .f32, .i32, .u32: (1, 4)
        case .f64, .i64, .u64: (1, 8)
        case .mxfp4: (32, 17)
        case .q4_0: (32, 18)
        case .q4_1: (32, 20)
        case .q5_0: (32, 22)
        case .q5_1: (32, 24)
        case .q8_0: (32, 34)
        case .q2_k: (256, 84)
        case .q3_k: (256, 110)
        case .q4_k: (256, 144)
        case .q5_k: (256, 176)
        case .q6_k: (256, 210)
        }
    }

    /// The type that a GGUF file means by a number (`enum ggml_type`); `nil` for one not known here.
    init?(ggmlType: UInt32) {
        switch ggmlType {
        case 0: self = .f32
        case 1: self = .f16
        case 2: self = .q4_0
        case 3: self = .q4_1
        case 6: self = .q5_0
        case 7: self = .q5_1
        case 8: self = .q8_0
        case 10: self = .q2_k
        case 11: self = .q3_k
        case 12: self = .q4_k
        case 13: self = .q5_k
        case 14: self = .q6_k
        case 24: self = .i8
        case 25: self = .i16
        case 26: self = .i32
        case 27: self = .i64
        case 28: self = .f64
        case 30: self = .bf16
        case 39: self = .mxfp4
        default: return nil
        }
    }

    /// The type that a safetensors header means by a name; `nil` for one not known here.
    init?(safetensorsName: String) {
        switch safetensorsName {
        case "F64": self = .f64
        case "F32": self = .f32
        case "F16": self = .f16
        case "BF16": self = .bf16
        case "I8": self = .i8
        case "I16": self = .i16
        case "I32": self = .i32
        case "I64": self = .i64
        case "U8": self = .u8
        case "U16": self = .u16
        case "U32": self = .u32
        case "U64": self = .u64
        case "BOOL": self = .boolean
        default: return nil
        }
    }

    /// The number of bytes that a tensor of this shape takes; `nil` if it overflows or rows are not whole blocks.
    func byteCount(shape: [Int]) -> Int? {
        guard (shape.last ?? 1) % valuesPerBlock == 0 else { return nil }
        var values = 1
        for dimension in shape {
            let (product, overflows) = values.multipliedReportingOverflow(by: dimension)
            guard dimension >= 0, !overflows else { return nil }
            values = product
        }
        let (bytes, overflows) = (values / valuesPerBlock).multipliedReportingOverflow(by: bytesPerBlock)
        return overflows ? nil : bytes
    }
}
