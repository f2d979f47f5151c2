/// How pre-activations `z = W_enc x + b_enc` become activations.
enum LatentActivation: Sendable {
    /// The `k` largest of `relu(z)`; of equal ones those of the lower latents.
    ///
    /// Source: Gao et al., "Scaling and evaluating sparse autoencoders" (2024).
    case topK(Int)
    /// `relu(z)`.
    case relu
    /// `relu(z)` if `z` exceeds the latent's threshold, `[latents]`; also what a BatchTopK coder does outside training.
    ///
    /// Source: Rajamanoharan et al., "Jumping Ahead" (2024); Bussmann et al., "BatchTopK Sparse Autoencoders" (2024).
    case jumpReLU(thresholds: [Float])
    /// `relu(exp(r) · W_enc x + b_mag)` if `W_enc x + b_gate` is positive; the encoder's bias is `b_gate`.
    ///
    /// `scales` is `exp(r)`, `biases` is `b_mag`, both `[latents]`. Source: Rajamanoharan et al., "Improving Dictionary Learning
    /// with Gated Sparse Autoencoders" (2024).
    case gated(scales: [Float], biases: [Float])
    /// The largest `relu(z)` of each of `groups` groups of neighbouring latents; of the lowest latent among equals.
    ///
    /// Source: `sparsify/fused_encoder.py`, version 1.3. The number divides that of the latents.
    case groupMax(groups: Int)

    /// The most active latents that a row can have, given the number of latents.
    func most(of latents: Int) -> Int {
        switch self {
        case .topK(let k): min(k, latents)
        case .groupMax(let groups): min(groups, latents)
        case .relu, .jumpReLU, .gated: SparseCodes.mostActive(latents: latents)
        }
    }

    /// The kind, without its numbers.
    var kind: ActivationKind {
        switch self {
        case .topK: .topK
        case .relu: .relu
        case .jumpReLU: .jumpReLU
        case .gated: .gated
        case .groupMax: .groupMax
        }
    }

    /// The selection of latents in tiles of at most `maximumColumns` columns.
    func selection(maximumColumns: Int, latents: Int) -> any LatentSelection {
        let most = most(of: latents)
        return switch self {
        case .topK(let k): TopKSelection(maximumColumns: maximumColumns, k: k)
        case .relu: ThresholdSelection(maximumColumns: maximumColumns, thresholds: nil, most: most)
        case .jumpReLU(let thresholds):
            ThresholdSelection(maximumColumns: maximumColumns, thresholds: thresholds, most: most)
        case .gated(let scales, let biases):
            GatedSelection(maximumColumns: maximumColumns, scales: scales, biases: biases, most: most)
        case .groupMax(let groups):
            GroupMaxSelection(maximumColumns: maximumColumns, groupSize: latents / max(groups, 1), most: most)
        }
    }
}
