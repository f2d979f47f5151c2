extension GenerationBatch {
    /// The number of tokens of short continuations that are computed at once.
    private static var shortTokensAtOnce: Int { 32 }

    /// Runs a part of the continuations that wait, short and long ones apart.
    func runContinuations() {
        for (path, most) in [
            (TokenRunner.Path.single, Self.shortTokensAtOnce), (.together, GenerationSession.tokensAtOnce),
        ] {
            run(nextParts(path, most: most), path: path) { parts, rows throws(ModelError) in
                let next = parts.map { part -> ArraySlice<UInt32> in
                    guard let number = part.continuation else { return [] }
                    let continuation = part.job.continuations[number]
                    return continuation.tokens.dropFirst(continuation.values.count).prefix(part.tokens.count)
                }
                let values = try runner.logProbabilities(of: next.flatMap { $0 }, rows: rows.flatMap { $0 }, path: path)
                var rest = values[...]
                for (part, next) in zip(parts, next) {
                    guard let number = part.continuation else { continue }
                    part.job.continuations[number].values += rest.prefix(next.count)
                    rest = rest.dropFirst(next.count)
                    if part.job.continuations[number].isDone { part.job.continuations[number].text = nil }
                }
                for part in parts { endIfJudged(part.job) }
            }
        }
    }

    /// Ends a job whose continuations are all judged.
    func endIfJudged(_ job: BatchJob) {
        guard case .logProbabilities = job.request.purpose, job.continuations.allSatisfy(\.isDone) else { return }
        end(job, .logProbabilities(job.continuations.map(\.values)))
    }

    private func nextParts(_ path: TokenRunner.Path, most: Int) -> [Part] {
        var parts: [Part] = []
        var rows = 0
        for job in jobs where job.hasPrompt {
            guard let prompt = job.text else { continue }
            var texts = job.continuations.reduce(0) { $0 + ($1.text == nil ? 0 : 1) }
            for (number, continuation) in job.continuations.enumerated() {
                guard !continuation.isDone, TokenRunner.path(ofContinuation: continuation.tokens) == path, rows < most
                else { continue }
                if continuation.text == nil {
                    guard texts < Self.continuationsAtOnce else { continue }
                    texts += 1
                }
                let text = continuation.text ?? TextState(copying: prompt)
                job.continuations[number].text = text
                let tokens = Array(continuation.rest.prefix(most - rows))
                rows += tokens.count
                parts.append(Part(job: job, text: text, tokens: tokens, continuation: number))
            }
        }
        return parts
    }
}
