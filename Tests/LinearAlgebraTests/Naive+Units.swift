import Foundation

extension Naive {
    static func layerNorm(_ x: [Float], weight: [Float], bias: [Float], epsilon: Double) -> [Double] {
        let width = weight.count
        return x.indices.map { index in
            let row = x[(index / width * width)..<(index / width * width + width)].map(Double.init)
            let mean = row.reduce(0, +) / Double(width)
            let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
            let normal = (Double(x[index]) - mean) / (variance + epsilon).squareRoot()
            return normal * Double(weight[index % width]) + Double(bias[index % width])
        }
    }

    static func silu(_ x: Double) -> Double { x / (1 + exp(-x)) }

    static func geluTanh(_ x: Double) -> Double {
        x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))) / 2
    }

    static func gelu(_ x: Double) -> Double { x * erfc(-x / 2.0.squareRoot()) / 2 }

    static func gated(_ function: (Double) -> Double, _ x: [Float], rows: Int, width: Int) -> [Double] {
        (0..<rows * width).map { index in
            let start = index / width * 2 * width + index % width
            return function(Double(x[start])) * Double(x[start + width])
        }
    }

    static func windowedSoftmax(
        _ scores: [Float], rows: Int, columns: Int, visible: Int, window: Int, scale: Double
    ) -> [Double] {
        (0..<rows).flatMap { row in
            let seen = max(min(columns, visible + row) - window, 0)..<min(columns, visible + row)
            let powers = (0..<columns).map { seen.contains($0) ? exp(Double(scores[row * columns + $0]) * scale) : 0 }
            let sum = powers.reduce(0, +)
            return powers.map { $0 / sum }
        }
    }
}
