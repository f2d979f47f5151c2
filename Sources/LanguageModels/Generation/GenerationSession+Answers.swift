internal import LinearAlgebra

extension GenerationSession {
    /// The log-probability (natural) of each answer after the tokens so far; that of several tokens is the sum of theirs.
    ///
    /// The session stands where it stood. The empty answer has log-probability 0.
    ///
    /// Throws where there are no tokens so far, or an answer has a token that is not of the vocabulary or is too long.
    public func logProbabilities(of answers: [[UInt32]]) throws(ModelError) -> [Double] {
        for (index, answer) in answers.enumerated() { try model.check(answer, context: index, after: length) }
        let start = length
        let first = try currentLogits()
        var result: [Double] = []
        for answer in answers {
            guard let token = answer.first else {
                result.append(0)
                continue
            }
            var sum = Self.logProbability(of: token, first)
            if answer.count > 1 {
                defer { restore(length: start, logits: first) }
                try extend(Array(answer.dropLast())) { position, logits in
                    sum += Self.logProbability(of: answer[position + 1], logits)
                }
            }
            result.append(sum)
        }
        return result
    }

    private static func logProbability(of token: UInt32, _ logits: [Float]) -> Double {
        Double(logits[Int(token)]) - VectorKernels.best.logSumExp(logits, count: logits.count)
    }
}
