internal import Elements

extension CodeBatch {
    /// Throws `EvidenceError.malformedBatch` if the batch contradicts itself or a coder of `latents` latents.
    func check(latents limit: Int, sharing: WorkSharing) throws(EvidenceError) {
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
        for row in 0..<tokens where rowStarts[row] > rowStarts[row + 1] {
            throw .malformedBatch(
                "rowStarts \(row) and \(row + 1) are \(rowStarts[row]) and \(rowStarts[row + 1]), expected to ascend")
        }
        guard !isSound(latents: limit, sharing) else { return }
        for row in 0..<tokens {
            var previous: Int32 = -1
            for pair in rowStarts[row]..<rowStarts[row + 1] {
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

    /// Whether all pairs of rows that are known to ascend are as they should be, without a word about what is not.
    private func isSound(latents limit: Int, _ sharing: WorkSharing) -> Bool {
        let (limit, rows) = (Int32(clamping: limit), rowStarts.count - 1)
        let parts = latents.count < Reservoir.fewPairs ? 1 : sharing.members
        var areSound = [Bool](repeating: false, count: parts)
        areSound.withUnsafeMutableBufferPointer { buffer in
            // Each part writes to a place of its own.
            let places = buffer
            latents.withUnsafeBufferPointer { latents in
                activations.withUnsafeBufferPointer { activations in
                    rowStarts.withUnsafeBufferPointer { starts in
                        sharing.perform(parts) { part, _ in
                            var isSound = true
                            let own = rows * part / parts..<rows * (part + 1) / parts
                            for activation in activations[starts[own.lowerBound]..<starts[own.upperBound]] {
                                // The patterns of positive, finite numbers.
                                isSound = isSound && activation.bitPattern &- 1 < 0x7f7f_ffff
                            }
                            for row in own {
                                var previous: Int32 = -1
                                for pair in starts[row]..<starts[row + 1] {
                                    isSound = isSound && latents[pair] > previous
                                    previous = latents[pair]
                                }
                                isSound = isSound && previous < limit
                            }
                            places[part] = isSound
                        }
                    }
                }
            }
        }
        return areSound.allSatisfy(\.self)
    }
}
