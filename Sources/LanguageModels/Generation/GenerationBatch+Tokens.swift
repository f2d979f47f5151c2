extension GenerationBatch {
    /// Generates one token for each job that generates.
    func runTokens() {
        let parts = jobs.filter(\.isGenerating).compactMap { job -> Part? in
            guard let text = job.text, let last = job.generated.last else { return nil }
            return Part(job: job, text: text, tokens: [last])
        }
        run(parts, path: .single) { parts, rows throws(ModelError) in
            var samplers = parts.map(\.job.sampler)
            var drawn: [UInt32] = []
            try runner.eachLogits(ofRows: rows.compactMap(\.last)) { index, logits in
                drawn.append(samplers[index].next(UnsafeBufferPointer(logits)))
            }
            for (index, part) in parts.enumerated() {
                part.job.sampler = samplers[index]
                take(drawn[index], for: part.job)
            }
        }
    }
}
