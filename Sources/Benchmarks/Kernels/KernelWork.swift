internal import LinearAlgebra

/// A piece of work of one kernel that can be done again and again under any set of instructions.
public struct KernelWork {
    /// What a rate counts.
    public enum Unit: String, Sendable, Hashable, Codable {
        /// Operations of a product, an addition and a multiplication counted as two, whatever numbers they are of.
        case operations = "GOP/s"
        /// Values that are computed or laid out.
        case values = "Gvalues/s"
    }

    /// The kernel and its sizes.
    let name: String
    let unit: Unit
    /// Units of one call.
    let amount: Double
    /// Makes ready what the kernels of a set need, and gives the work itself.
    let prepare: (VectorKernels) -> () -> Void
    /// The same by OpenBLAS, for products.
    var sgemm: (() -> Void)?

    /// Every kernel, with sizes of SmolLM2-135M.
    static func all() -> [KernelWork] {
        let buffers = KernelBuffers()
        return products(buffers) + roundedProducts(buffers) + packing(buffers) + rows(buffers)
    }
}

/// Memory that all kernels work in, filled with numbers in [-1, 1) by a fixed rule.
final class KernelBuffers {
    let width = 576, hidden = 1536, rows = 256
    let a, b, c, panels: FloatBuffer
    let rounded = RoundedRows()

    init() {
        let count = 2 * rows * hidden
        a = FloatBuffer(count: count)
        b = FloatBuffer(count: count)
        c = FloatBuffer(count: count)
        panels = FloatBuffer(count: count)
        for index in 0..<count {
            a.pointer[index] = Float(index * 37 % 201 - 100) / 100
            b.pointer[index] = Float(index * 53 % 199 - 99) / 100
        }
    }

    /// Rows of a matrix in a format: scales are small numbers, everything else is arbitrary bytes.
    func matrix(_ format: MatrixFormat, rows: Int, depth: Int) -> [UInt8] {
        guard format != .f32 else {
            return Array(UnsafeRawBufferPointer(start: b.pointer, count: 4 * rows * depth))
        }
        let size = format.bytesPerBlock
        var bytes = (0..<rows * depth / format.valuesPerBlock * size).map { UInt8(truncatingIfNeeded: $0 * 167 >> 2) }
        for start in stride(from: 0, to: bytes.count, by: size) {
            for place in Self.scalePlaces(format) {
                bytes[start + place] = 0
                bytes[start + place + 1] = 0x20
            }
        }
        return bytes
    }

    private static func scalePlaces(_ format: MatrixFormat) -> [Int] {
        switch format {
        case .f32: []
        case .f16, .bf16: Array(stride(from: 0, to: 64, by: 2))
        case .q8_0, .q4_0, .q5_0: [0]
        case .q4_1, .q5_1, .q4_k, .q5_k: [0, 2]
        case .q6_k: [208]
        }
    }
}
