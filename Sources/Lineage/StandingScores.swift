import Elements

/// The latest score that each score node has given to each explanation; controls are none, nor
/// what decides a comparison.
struct StandingScores: Sendable {
    private struct Entry: Sendable {
        var rank: ScoreRank
        var value: Double
    }

    private struct Place: Hashable {
        let explanation: JobID
        let node: String
    }

    private var entries: [Place: Entry] = [:]
    private var nodes: Set<String> = []

    /// Makes room for so many scores more.
    mutating func reserve(_ count: Int) { entries.reserveCapacity(entries.count + count) }

    /// Takes a score in; one of older evidence than the node's latest changes nothing.
    mutating func note(_ score: Score) {
        guard score.control == nil, score.round?.contest == nil, let value = score.headline?.value, value.isFinite
        else { return }
        let rank = ScoreRank(score)
        let place = Place(explanation: score.explanation, node: score.node)
        if let old = entries[place], rank < old.rank { return }
        entries[place] = Entry(rank: rank, value: value)
        nodes.insert(score.node)
    }

    /// The lowest of an explanation's scores; `nil` if it has none.
    func lowest(of explanation: JobID) -> Double? {
        nodes.compactMap { entries[Place(explanation: explanation, node: $0)]?.value }.min()
    }
}
