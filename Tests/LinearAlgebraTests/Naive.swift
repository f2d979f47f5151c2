import Foundation

/// Every kernel by its definition, in double precision, one value at a time.
enum Naive {
    static func product(
        _ a: [Float], _ b: [Float], rows: Int, columns: Int, depth: Int, transposed: Bool = true
    ) -> [Double] {
        (0..<rows).flatMap { row in
            (0..<columns).map { column in
                (0..<depth).reduce(0.0) { sum, index in
                    let right = transposed ? b[column * depth + index] : b[index * columns + column]
                    return sum + Double(a[row * depth + index]) * Double(right)
                }
            }
        }
    }

    static func rootMeanSquareNorm(_ x: [Float], weight: [Float], width: Int, epsilon: Double) -> [Double] {
        x.indices.map { index in
            let row = x[(index / width * width)..<(index / width * width + width)].map(Double.init)
            let mean = row.reduce(0) { $0 + $1 * $1 } / Double(width)
            return Double(x[index]) / (mean + epsilon).squareRoot() * Double(weight[index % width])
        }
    }

    static func siluMultiply(_ x: [Float], rows: Int, width: Int) -> [Double] {
        (0..<rows * width).map { index in
            let start = index / width * 2 * width + index % width
            let gate = Double(x[start])
            return gate / (1 + exp(-gate)) * Double(x[start + width])
        }
    }

    static func causalSoftmax(
        _ scores: [Float], rows: Int, columns: Int, visible: Int, scale: Double
    ) -> [Double] {
        (0..<rows).flatMap { row in
            let seen = min(columns, visible + row)
            let powers = (0..<seen).map { exp(Double(scores[row * columns + $0]) * scale) }
            let sum = powers.reduce(0, +)
            return powers.map { $0 / sum } + [Double](repeating: 0, count: columns - seen)
        }
    }

    static func rotate(_ x: [Float], headWidth: Int, half: Int, angles: [Double]) -> [Double] {
        x.indices.map { index in
            let place = index % headWidth
            guard place < 2 * half else { return Double(x[index]) }
            let angle = angles[place % half]
            return place < half
                ? Double(x[index]) * cos(angle) - Double(x[index + half]) * sin(angle)
                : Double(x[index]) * cos(angle) + Double(x[index - half]) * sin(angle)
        }
    }
}

/// The relative distance of two vectors: ‖a − b‖ / ‖b‖.
func relativeError(_ a: [Float], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    let distance = zip(a, b).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
    return (distance / max(b.reduce(0) { $0 + $1 * $1 }, 1e-300)).squareRoot()
}

/// Numbers in [-size, size) from a seed.
func numbers(_ count: Int, seed: UInt64, size: Float = 1) -> [Float] {
    var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
    return (0..<count).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Float(Int32(truncatingIfNeeded: state >> 20)) / 2_147_483_648 * size
    }
}
