internal import LinearAlgebra
internal import WeightFiles

/// How activations go into products with quantised weights.
public enum ActivationPrecision: String, Sendable, Hashable, CaseIterable {
    /// As floats.
    case f32
    /// Rounded to eight bits, each 32 values by their largest, if the weights are blocks of four to eight bits.
    case int8
}

extension LanguageModel {
    /// Whether `int8` changes anything: whether weights of the blocks or the head have an integer product.
    public var hasIntegerProducts: Bool {
        multiplied.contains { $0.hasIntegerProducts }
    }

    /// Whether `int8` changes products with weights of eight bits, which it once left as they are.
    public var hasProductsOfEightBits: Bool {
        multiplied.contains { matrix in
            matrix.hasIntegerProducts && matrix.parts.contains { $0.tensor.type.matrixFormat == .q8_0 }
        }
    }

    private var multiplied: [StoredMatrix] {
        let layers = weights.blocks.flatMap { [$0.queryKeyValue, $0.attentionOutput] + $0.feedForward.layers }
        return layers.map(\.weight) + [weights.head]
    }
}
