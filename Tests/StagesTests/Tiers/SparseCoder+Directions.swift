import StateFixtures

@testable import SparseCoders

extension SparseCoder {
    /// A coder whose decoder has these rows.
    static func directions(_ rows: [[Float]]) -> SparseCoder {
        let (latents, width) = (rows.count, rows.first?.count ?? 0)
        let flat = rows.flatMap(\.self)
        return SparseCoder(
            folder: "test",
            parameters: CoderParameters(
                inputWidth: width, outputWidth: width, latents: latents, activation: .relu, encoder: .matrix(flat),
                encoderBias: [Float](repeating: 0, count: latents), inputOffset: nil, decoder: .matrix(flat),
                outputBias: [Float](repeating: 0, count: width), digest: Fixture.hash(1)))
    }
}
