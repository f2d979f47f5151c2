internal import LinearAlgebra

extension GenerationBatch {
    /// Reads the alternatives at those places asked about that lie in some parts of prompts, whose rows are at hand.
    func readAlternatives(_ parts: [Part], _ rows: [Range<Int>]) throws(ModelError) {
        var readings: [(job: BatchJob, index: Int, tokens: [UInt32])] = []
        var chosen: [Int] = []
        for (part, rows) in zip(parts, rows) {
            guard case .alternatives(let tokens, let places) = part.job.request.purpose else { continue }
            let start = part.text.tokens.count - part.tokens.count
            for (index, place) in places.enumerated() where place >= start && place < start + rows.count {
                readings.append((part.job, index, tokens))
                chosen.append(rows.lowerBound + place - start)
            }
        }
        try runner.eachLogits(ofRows: chosen, path: .together) { row, logits in
            guard let first = logits.baseAddress else { return }
            let reading = readings[row]
            let sum = runner.runner.kernels.logSumExp(first, count: logits.count)
            reading.job.readings[reading.index] = reading.tokens.map { Double(logits[Int($0)]) - sum }
        }
    }
}
