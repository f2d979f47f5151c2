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
        var masked: [Bool] = []
        if maskFirst {
            masked = [Bool](repeating: false, count: tokens)
            var start = 0
            for context in batch.contexts where !context.tokens.isEmpty {
                masked[start] = true
                start += context.tokens.count
            }
        }
        let codes = try encode(input, masked: masked)
        return CodeBatch(
            contexts: batch.contexts, rowStarts: codes.rowStarts, latents: codes.latents,
            activations: codes.activations)
    }
}
