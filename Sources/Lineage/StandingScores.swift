import Elements

/// The latest score that each score node has given to each explanation; controls are none.
struct StandingScores: Sendable {
    private struct Entry: Sendable {
        var epoch: UInt64
        var value: Double
    }

    private var entries: [JobID: [String: Entry]] = [:]

    /// Takes a score in; one of older evidence than the node's latest changes nothing.
    mutating func note(_ score: Score) {
        guard score.control == nil, let value = score.headline?.value, value.isFinite else { return }
        let epoch = score.round?.epoch ?? 0
        if let old = entries[score.explanation]?[score.node], old.epoch > epoch { return }
        entries[score.explanation, default: [:]][score.node] = Entry(epoch: epoch, value: value)
    }

    /// The lowest of an explanation's scores; `nil` if it has none.
    func lowest(of explanation: JobID) -> Double? { entries[explanation]?.values.map(\.value).min() }
}
