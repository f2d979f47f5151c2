/// How activations go into products with quantised weights.
public enum ActivationPrecision: String, Sendable, Hashable, CaseIterable {
    /// As floats.
    case f32
    /// Rounded to eight bits, each 32 values by their largest, if the weights have four to six bits.
    case int8
}

extension LanguageModel {
    /// Whether `int8` changes anything: whether weights of the blocks or the head have an integer product.
    public var hasIntegerProducts: Bool {
        let layers = weights.blocks.flatMap { [$0.queryKeyValue, $0.attentionOutput, $0.gateAndUp, $0.down] }
        return (layers.map(\.weight) + [weights.head]).contains { $0.hasIntegerProducts }
    }
}
