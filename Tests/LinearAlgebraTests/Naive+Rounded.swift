import LinearAlgebra

extension Naive {
    /// Products of quantised rows with rounded rows in the order that the kernels keep: bit for bit what each of them gives.
    ///
    /// A part is 32 values; where scales are those of 16, its halves are summed one after the other.
    static func roundedProduct(
        _ format: MatrixFormat, _ bytes: [UInt8], _ x: [Float], count: Int, rows: Int, depth: Int
    ) -> [Float] {
        let blocks = stride(from: 0, to: bytes.count, by: format.bytesPerBlock).map {
            BlockContents(Array(bytes[$0..<$0 + format.bytesPerBlock]))
        }
        let blocksPerRow = depth / format.valuesPerBlock
        let run = format == .q6_k ? 16 : 32
        let parts = stride(from: 0, to: x.count, by: 32).map { RoundedPart(x[$0..<$0 + 32]) }
        return (0..<count * rows).map { place in
            let (token, row) = (place / rows, place % rows)
            var total: Float = 0
            for start in stride(from: 0, to: depth, by: run) {
                let part = parts[token * (depth / 32) + start / 32]
                let block = blocks[row * blocksPerRow + start / format.valuesPerBlock]
                let first = start % format.valuesPerBlock
                let values = part.values[(start % 32)..<(start % 32 + run)]
                let sum = zip(values, 0...).reduce(0) { $0 + $1.0 * block.quantum(format, first + $1.1) }
                let (scale, minimum) = block.scaleAndMinimum(format, first)
                total.addProduct(part.scale * scale, Float(sum))
                total.addProduct(part.scale * Float(values.reduce(0, +)), minimum)
            }
            return total
        }
    }

    /// 32 values rounded to eight bits by their largest.
    private struct RoundedPart {
        let scale: Float
        let values: [Int]

        init(_ x: ArraySlice<Float>) {
            let largest = x.reduce(0) { max($0, abs($1)) }
            let unit = largest > 0 ? 127 / largest : 0
            scale = largest / 127
            // A product of two floats is exact in double precision.
            values = x.map { Int((Double($0) * Double(unit)).rounded(.toNearestOrEven)) }
        }
    }
}
