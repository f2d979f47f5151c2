extension GenerationSession {
    /// Adds a prompt, then the likeliest token again and again (of equals the lowest id), and returns what came behind the prompt.
    ///
    /// Ends before a token of `stop`, after `maximumTokens` or where the model's longest context is full. The prompt may be
    /// empty where there are tokens already. The session then stands behind the last token returned but one, or further.
    ///
    /// Throws where there is nothing to go on from, a token is not of the vocabulary, or the prompt is too long.
    public func generate(
        prompt: [UInt32], maximumTokens: Int, stop: Set<UInt32> = []
    ) throws(ModelError) -> [UInt32] {
        var logits = prompt.isEmpty ? try currentLogits() : try extend(prompt)
        var generated: [UInt32] = []
        while generated.count < maximumTokens {
            let next = Self.likeliest(logits)
            guard !stop.contains(next) else { break }
            generated.append(next)
            guard generated.count < maximumTokens, length < model.configuration.maximumContext else { break }
            logits = try extend([next])
        }
        return generated
    }

    /// The index of the largest value, of equals the lowest; values that are no numbers are passed over.
    static func likeliest(_ logits: [Float]) -> UInt32 {
        var best: UInt32 = 0
        var largest = -Float.infinity
        for (token, value) in logits.enumerated() where value > largest {
            largest = value
            best = UInt32(truncatingIfNeeded: token)
        }
        return best
    }
}
