extension GenerationSession {
    /// Adds a prompt, then one token after the other as `sampling` draws them, and returns the tokens after the prompt.
    ///
    /// Ends before a token of `stop`, after `maximumTokens` or when the model's longest context is full. The prompt may
    /// be empty if there are tokens already. The session then ends after the last token returned but one, or later.
    ///
    /// Throws if there is nothing to go on from, a token is not of the vocabulary, or the prompt is too long.
    public func generate(
        prompt: [UInt32], maximumTokens: Int, stop: Set<UInt32> = [], sampling: Sampling = .greedy
    ) throws(ModelError) -> [UInt32] {
        var sampler = TokenSampler(sampling)
        var logits = prompt.isEmpty ? try currentLogits() : try extend(prompt)
        var generated: [UInt32] = []
        while generated.count < maximumTokens {
            let next = logits.withUnsafeBufferPointer { sampler.next($0) }
            guard !stop.contains(next) else { break }
            generated.append(next)
            guard generated.count < maximumTokens, length < model.configuration.maximumContext else { break }
            logits = try extend([next])
        }
        return generated
    }
}
