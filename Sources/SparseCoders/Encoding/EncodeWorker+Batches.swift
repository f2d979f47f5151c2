public import Elements

extension EncodeWorker {
    /// The codes of a batch's contexts at one hookpoint.
    ///
    /// - Parameters:
    ///   - batch: The activations.
    ///   - hookpoint: The hookpoint that the coder reads.
    ///   - maskFirst: Whether to leave out the first position of every context, which models use as an attention sink.
    /// - Throws: `CoderError` if the hookpoint is missing, rows and tokens differ in number, or a value is not finite.
    public func encode(
        _ batch: ActivationBatch, hookpoint: String, maskFirst: Bool
    ) throws(CoderError) -> CodeBatch {
        guard let input = batch.activations[hookpoint] else {
            throw .missingHookpoint(hookpoint: hookpoint, available: Array(batch.activations.keys))
        }
        let tokens = batch.contexts.reduce(0) { $0 + $1.tokens.count }
        guard input.rows == tokens else {
            throw .shape(
                what: "activations at \(hookpoint)", found: "\(input.rows) rows",
                expected: "\(tokens) rows, one per token")
        }
        let codes = try encode(input, masked: maskFirst ? batch.firstPositions : [])
        return CodeBatch(
            contexts: batch.contexts, rowStarts: codes.rowStarts, latents: codes.latents,
            activations: codes.activations)
    }
}

extension ActivationBatch {
    /// Per token, whether it is the first of its context.
    var firstPositions: [Bool] {
        contexts.flatMap { context in context.tokens.indices.map { $0 == context.tokens.startIndex } }
    }
}
