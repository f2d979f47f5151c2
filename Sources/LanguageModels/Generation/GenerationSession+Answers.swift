internal import LinearAlgebra

extension GenerationSession {
    /// The log-probability (natural) of each answer after the tokens so far; that of several tokens is the sum of theirs.
    ///
    /// The session is left unchanged. The empty answer has log-probability 0.
    ///
    /// Throws if there are no tokens so far, or an answer has a token that is not of the vocabulary or is too long.
    public func logProbabilities(of answers: [[UInt32]]) throws(ModelError) -> [Double] {
        for (index, answer) in answers.enumerated() { try model.check(answer, context: index, after: length) }
        return try eachTokenLogProbabilities(of: answers).map { $0.reduce(0, +) }
    }

    /// The log-probability (natural) of each token of a text that would follow the tokens so far, given all before it.
    ///
    /// The session is left unchanged, so that many texts can be judged after a prefix that is computed once.
    ///
    /// Throws if there are no tokens so far, or the text has a token that is not of the vocabulary or is too long.
    public func logProbabilities(ofText text: [UInt32]) throws(ModelError) -> [Double] {
        try model.check(text, context: 0, after: length)
        return try eachTokenLogProbabilities(of: [text]).first ?? []
    }

    private func eachTokenLogProbabilities(of texts: [[UInt32]]) throws(ModelError) -> [[Double]] {
        let start = length
        let first = try currentLogits()
        let kernels = runner.runner.kernels
        var result: [[Double]] = []
        for text in texts {
            guard let token = text.first else {
                result.append([])
                continue
            }
            var values = [TokenRunner.logProbability(of: token, first, count: first.count, kernels)]
            if text.count > 1 {
                defer { restore(length: start, logits: first) }
                values += try following(text)
            }
            result.append(values)
        }
        return result
    }

    /// Adds all tokens of a text but the last, and gives the log-probabilities of all but the first.
    private func following(_ text: [UInt32]) throws(ModelError) -> [Double] {
        var values: [Double] = []
        let path = TokenRunner.path(ofContinuation: text)
        try eachPart(of: Array(text.dropLast()), path: path) { part, offset, rows throws(ModelError) in
            let next = Array(text[offset + 1...offset + part.count])
            values += try runner.logProbabilities(of: next, rows: Array(rows), path: path)
        }
        return values
    }
}

extension TokenRunner {
    /// The most tokens of a continuation that are computed each by itself.
    private static var shortContinuation: Int { 8 }

    /// How the tokens of a continuation whose probability is asked for are computed: by its own length only.
    static func path(ofContinuation tokens: [UInt32]) -> Path {
        tokens.count <= shortContinuation ? .single : .together
    }
}
