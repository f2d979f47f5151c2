internal import LinearAlgebra
internal import WeightFiles

extension Tensor {
    /// Throws if a value is not a finite number.
    ///
    /// A quantised value can only be such if one of its block's half-precision scales is, so that they alone are read.
    func checkFinite() throws(ModelError) {
        guard let (places, exponent) = type.smallFloats else {
            let values = FloatBuffer(count: max(Self.valuesAtOnce, columns))
            let rowsAtOnce = max(Self.valuesAtOnce / max(columns, 1), 1)
            for row in stride(from: 0, to: rows, by: rowsAtOnce) {
                try readFinite(rows: row..<min(row + rowsAtOnce, rows), into: values.pointer)
            }
            return
        }
        let size = type.bytesPerBlock
        let wrong = withBytes { bytes in
            places.lazy.compactMap { Self.firstOther(bytes, from: $0, by: size, exponent: exponent) }.min()
        }
        guard let wrong, columns > 0 else { return }
        let row = wrong * type.valuesPerBlock / columns
        let values = FloatBuffer(count: columns)
        try readFinite(rows: row..<row + 1, into: values.pointer)
    }

    /// The first block whose 16-bit float at a place is not a finite number.
    private static func firstOther(
        _ bytes: UnsafeRawBufferPointer, from place: Int, by size: Int, exponent: UInt16
    ) -> Int? {
        let count = bytes.count / size
        guard let start = bytes.baseAddress, count > 0 else { return nil }
        // The exponent of what is not a finite number is all ones.
        func isOther(_ block: Int) -> Bool {
            start.loadUnaligned(fromByteOffset: block * size + place, as: UInt16.self) & exponent == exponent
        }
        return (0..<count).first(where: isOther)
    }
}

extension TensorType {
    /// The places of a block's 16-bit scale and minimum, and the bits of their exponent; `nil` if there are none.
    fileprivate var smallFloats: (places: [Int], exponent: UInt16)? {
        switch self {
        case .f16, .q4_0, .q5_0, .q8_0: ([0], 0x7c00)
        case .q4_1, .q5_1, .q4_k, .q5_k: ([0, 2], 0x7c00)
        case .q2_k: ([80, 82], 0x7c00)
        case .q3_k: ([108], 0x7c00)
        case .q6_k: ([208], 0x7c00)
        case .bf16: ([0], 0x7f80)
        default: nil
        }
    }
}
