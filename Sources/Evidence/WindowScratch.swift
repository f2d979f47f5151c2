internal import Elements

/// The pairs of one window turned round: per latent the chain of its firing tokens, in ascending order.
struct WindowScratch: Sendable {
    /// Per latent, the first pair of its chain; -1 for a latent that is silent, which is so for all between two
    /// windows.
    private var heads: [Int32]
    /// Per pair, the next one of the same latent, or -1.
    private var following: [Int32] = []
    /// Per pair, its token's position in the window.
    private var positions: [UInt8] = []
    /// The latents that fire, each once.
    private(set) var touched: [Int32] = []
    /// The latents one of whose lists the window may enter, each with the first pair of its chain.
    private var candidates: [(latent: Int32, head: Int32)] = []
    private var firstPair = 0

    init(latents: Int) { heads = Array(repeating: -1, count: latents) }

    var candidateCount: Int { candidates.count }

    var residentBytes: Int {
        heads.residentBytes + following.residentBytes + positions.residentBytes + touched.residentBytes
            + candidates.residentBytes
    }

    /// Chains the pairs of some token rows, at most 256.
    mutating func gather(_ batch: CodeBatch, rows: Range<Int>) {
        touched.removeAll(keepingCapacity: true)
        candidates.removeAll(keepingCapacity: true)
        firstPair = batch.rowStarts[rows.lowerBound]
        let pairs = batch.rowStarts[rows.upperBound] - firstPair
        if following.count < pairs {
            following = Array(repeating: -1, count: pairs)
            positions = Array(repeating: 0, count: pairs)
        }
        let latents = batch.latents.span
        // Backwards, so that each chain ends up ascending.
        for row in rows.reversed() {
            let position = UInt8(truncatingIfNeeded: row - rows.lowerBound)
            for pair in batch.rowStarts[row]..<batch.rowStarts[row + 1] {
                let latent = latents[pair]
                let head = heads[Int(latent)]
                if head < 0 { touched.append(latent) }
                following[pair - firstPair] = head
                positions[pair - firstPair] = position
                heads[Int(latent)] = Int32(truncatingIfNeeded: pair - firstPair)
            }
        }
    }

    /// Counts what `gather` chained and unties the chains; keeps those of the latents for which `mayEnter` holds,
    /// which is asked with the code of the latent's peak.
    ///
    /// `start` is the window's place in its context, `source` that of its source in the table.
    mutating func count(
        _ batch: CodeBatch, from start: Int, source: Int?, into counts: inout [LatentCounts], gates: inout [LatentGate],
        mayEnter: (LatentGate, UInt16) -> Bool
    ) {
        let activations = batch.activations.span
        var counts = counts.mutableSpan
        var gates = gates.mutableSpan
        for latent in touched {
            let head = heads[Int(latent)]
            heads[Int(latent)] = -1
            var pair = head
            var peak: Float = 0
            var fired: UInt64 = 0
            while pair >= 0 {
                let activation = activations[firstPair + Int(pair)]
                peak = max(peak, activation)
                counts[Int(latent)].add(activation)
                counts[Int(latent)].positions[PositionBins.bin(of: start + Int(positions[Int(pair)]))] &+= 1
                fired &+= 1
                pair = following[Int(pair)]
            }
            counts[Int(latent)].windowsFired &+= 1
            if let source { counts[Int(latent)].sources[source] &+= fired }
            gates[Int(latent)].changes.insert(.counts)
            if mayEnter(gates[Int(latent)], ActivationCode.encode(peak)) { candidates.append((latent, head)) }
        }
    }

    /// The latent of a candidate; its firing is written to `firing`.
    func candidate(_ index: Int, of batch: CodeBatch, firing: inout [UInt8]) -> Int {
        let (latent, head) = candidates[index]
        firing.removeAll(keepingCapacity: true)
        firing.append(0)
        var pair = Int(head)
        while pair >= 0 {
            let code = ActivationCode.encode(batch.activations[firstPair + pair])
            firing.append(positions[pair])
            firing.append(UInt8(truncatingIfNeeded: code))
            firing.append(UInt8(truncatingIfNeeded: code >> 8))
            pair = Int(following[pair])
        }
        firing[0] = UInt8(truncatingIfNeeded: (firing.count - 1) / 3 - 1)
        return Int(latent)
    }
}
