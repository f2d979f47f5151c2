internal import LinearAlgebra

extension GenerationBatch {
    /// Runs a part of the prompts that wait.
    func runPrompts() {
        let parts = nextPromptParts()
        // Alternatives are read within prompts, all else after them.
        let reading: TokenRunner.Reading = parts.contains(where: \.job.readsWithin) ? .all : .last
        run(parts, path: .together, reading: reading) { parts, rows throws(ModelError) in
            try readAlternatives(parts, rows)
            let whole = parts.indices.filter {
                parts[$0].text.tokens.count == parts[$0].job.request.prompt.count
            }
            var samplers = whole.map { parts[$0].job.sampler }
            var drawn: [UInt32] = []
            var firsts: [[Double]] = []
            var asked: [[Float]] = []
            try runner.eachLogits(ofRows: whole.map { rows[$0].last ?? 0 }) { index, logits in
                let values = UnsafeBufferPointer(logits)
                let job = parts[whole[index]].job
                asked.append(job.request.purpose == .logits ? Array(values) : [])
                drawn.append(job.isToGenerate ? samplers[index].next(values) : 0)
                firsts.append(runner.firstLogProbabilities(of: job.continuations.map(\.tokens), values))
            }
            for (index, place) in whole.enumerated() {
                let job = parts[place].job
                job.hasPrompt = true
                job.sampler = samplers[index]
                prefixes.keep(parts[place].text, count: job.unchangedLength)
                switch job.request.purpose {
                case .tokens: take(drawn[index], for: job)
                case .logits: end(job, .logits(asked[index]))
                case .logProbabilities:
                    var values = firsts[index][...]
                    for number in job.continuations.indices where !job.continuations[number].tokens.isEmpty {
                        job.continuations[number].values = Array(values.prefix(1))
                        values = values.dropFirst()
                    }
                    endIfJudged(job)
                case .alternatives: end(job, .alternatives(job.readings))
                }
            }
        }
    }

    /// The next parts of prompts, with about the number of tokens that go through the model at once.
    ///
    /// Those with the least left to compute go first, so that questions with one beginning follow each other while it
    /// is kept; one that has waited for long goes before all others. A prompt that begins like one of these waits until
    /// that one is kept.
    private func nextPromptParts() -> [Part] {
        var parts: [Part] = []
        var rows = 0
        for (job, kept) in waitingPrompts() {
            guard rows < GenerationSession.tokensAtOnce else {
                job.stepsPassedOver += 1
                continue
            }
            let prompt = job.request.prompt
            if job.text == nil {
                let isToWait = parts.contains { part in
                    let shared = PrefixStore.shared(part.job.request.prompt, prompt)
                    return min(shared, job.sharedLimit, part.job.unchangedLength) > kept
                }
                if isToWait { continue }
            }
            let text = job.text ?? begin(job)
            let rest = prompt[text.tokens.count...].prefix(GenerationSession.tokensAtOnce - rows)
            rows += rest.count
            parts.append(Part(job: job, text: text, tokens: Array(rest)))
        }
        return parts
    }

    /// The text that a job begins with: what is known of its prompt.
    private func begin(_ job: BatchJob) -> TextState {
        let text = prefixes.text(for: job.request.prompt, limit: job.sharedLimit)
        text.edits = job.request.edits
        job.text = text
        job.known = text.tokens.count
        return text
    }

    /// The jobs whose prompts wait, in the order in which they are to be worked on, each with the tokens that are known of it.
    private func waitingPrompts() -> [(job: BatchJob, known: Int)] {
        let waiting = jobs.filter { !$0.hasPrompt }.map { job in
            (
                job: job,
                known: job.text?.tokens.count
                    ?? prefixes.sharedLength(with: job.request.prompt, limit: job.sharedLimit)
            )
        }
        guard waiting.count > 1 else { return waiting }
        let left = waiting.map { job, known in
            job.stepsPassedOver >= Self.mostStepsPassedOver ? 0 : job.request.prompt.count - known
        }
        // Among equals, the one that joined first.
        return waiting.indices.sorted { (left[$0], $0) < (left[$1], $1) }.map { waiting[$0] }
    }
}

extension TokenRunner {
    /// The log-probability of the first token of each text that is not empty.
    fileprivate func firstLogProbabilities(
        of texts: [[UInt32]], _ logits: UnsafeBufferPointer<Float>
    ) -> [Double] {
        guard let start = logits.baseAddress, texts.contains(where: { !$0.isEmpty }) else { return [] }
        let sum = runner.kernels.logSumExp(start, count: logits.count)
        return texts.compactMap(\.first).map { Double(logits[Int($0)]) - sum }
    }
}
