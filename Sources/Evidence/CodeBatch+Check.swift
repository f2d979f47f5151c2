internal import Elements

extension CodeBatch {
    /// Throws `EvidenceError.malformedBatch` if the batch contradicts itself or a coder of `latents` latents.
    func check(latents limit: Int) throws(EvidenceError) {
        let tokens = contexts.reduce(0) { $0 + $1.tokens.count }
        guard rowStarts.count == tokens + 1 else {
            throw .malformedBatch(
                "rowStarts has \(rowStarts.count) elements, expected \(tokens + 1) for \(tokens) tokens")
        }
        guard rowStarts[0] == 0, rowStarts[tokens] == latents.count, activations.count == latents.count else {
            throw .malformedBatch(
                """
                rowStarts runs from \(rowStarts[0]) to \(rowStarts[tokens]), expected 0 to the number of latents \
                (\(latents.count)) and of activations (\(activations.count))
                """)
        }
        let latents = latents.span
        let activations = activations.span
        for row in 0..<tokens {
            let start = rowStarts[row]
            let end = rowStarts[row + 1]
            guard start <= end, end <= latents.count else {
                throw .malformedBatch("rowStarts \(row) and \(row + 1) are \(start) and \(end), expected to ascend")
            }
            var previous: Int32 = -1
            for pair in start..<end {
                let latent = latents[pair]
                guard latent > previous, latent < limit else {
                    throw .malformedBatch(
                        "row \(row) has latent \(latent) after \(previous), expected ascending and below \(limit)")
                }
                previous = latent
                guard activations[pair] > 0, activations[pair] < .infinity else {
                    throw .malformedBatch(
                        "row \(row), latent \(latent): activation \(activations[pair]), expected positive and finite")
                }
            }
        }
    }
}
