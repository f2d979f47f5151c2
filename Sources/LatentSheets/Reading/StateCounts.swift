import Elements

/// Latents by how far they have come.
struct StateCounts {
    private var counts: [LatentState: Int] = [:]
    private var collecting = 0
    private var dead = 0

    mutating func count(_ state: LatentState) {
        // Nearly all of them, of which there may be millions.
        switch state {
        case .collecting: collecting += 1
        case .dead: dead += 1
        default: counts[state, default: 0] += 1
        }
    }

    /// In the order of the states; those of no latent are left out.
    var all: [Overview.Count] {
        LatentState.allCases.compactMap { state in
            let count = state == .collecting ? collecting : state == .dead ? dead : counts[state] ?? 0
            return count > 0 ? Overview.Count(state: state, count: count) : nil
        }
    }
}

extension Overview.Coder {
    /// How far the latents of a coder have come.
    init(_ coder: any CoderKnowledge, tokens: UInt64?, _ counts: StateCounts) {
        self.init(coder: SheetCoder(coder.identity, isRandom: coder.isRandom), tokens: tokens, states: counts.all)
    }
}
