public import Elements

/// Which latents' directions point the same way: made once per coder.
public struct CosineNeighbours: Sendable {
    /// `[latents, width]`: the directions, each of length one, or all zeros where it had no length.
    private let directions: Matrix

    /// Takes a direction per latent, the rows of a decoder or an encoder, `[latents, width]`.
    public init(directions: Matrix) {
        var unit = directions
        for row in 0..<directions.rows {
            let range = row * directions.columns..<(row + 1) * directions.columns
            let length = directions.values[range].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            for place in range {
                unit.values[place] = length > 0 && length.isFinite ? Float(Double(unit.values[place]) / length) : 0
            }
        }
        self.directions = unit
    }

    /// The latents of largest cosine with a latent, nearest first; those of none or a negative one are left out.
    public func neighbours(of latent: Int, count: Int) -> [LatentNeighbour] {
        guard latent >= 0, latent < directions.rows else { return [] }
        let width = directions.columns
        var all: [LatentNeighbour] = []
        directions.values.withUnsafeBufferPointer { values in
            for other in 0..<directions.rows where other != latent {
                var product: Float = 0
                for place in 0..<width { product += values[latent * width + place] * values[other * width + place] }
                if product > 0 { all.append(LatentNeighbour(latent: other, similarity: Double(product))) }
            }
        }
        return LatentNeighbour.nearest(count, of: all)
    }
}
