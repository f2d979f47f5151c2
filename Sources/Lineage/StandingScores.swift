import Elements

/// The latest score that each score node has given to each explanation; controls are none, nor
/// what decides a comparison.
struct StandingScores: Sendable {
    private struct Entry: Sendable {
        var rank: ScoreRank
        var value: Double
    }

    private var entries: [JobID: [String: Entry]] = [:]

    /// Takes a score in; one of older evidence than the node's latest changes nothing.
    mutating func note(_ score: Score) {
        guard score.control == nil, score.round?.contest == nil, let value = score.headline?.value, value.isFinite
        else { return }
        let rank = ScoreRank(score)
        if let old = entries[score.explanation]?[score.node], rank < old.rank { return }
        entries[score.explanation, default: [:]][score.node] = Entry(rank: rank, value: value)
    }

    /// The lowest of an explanation's scores; `nil` if it has none.
    func lowest(of explanation: JobID) -> Double? { entries[explanation]?.values.map(\.value).min() }
}
