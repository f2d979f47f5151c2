import Elements

/// What one score node found of a challenger.
struct Vote: Sendable, Hashable {
    let explainedBy: String
    let latent: Int
    let challenger: JobID
    let epoch: UInt64
    let scores: PairedScore
}

/// Whether the current score of an explanation has dropped below the interval it was accepted with.
struct Drift: Sendable, Hashable {
    let explainedBy: String
    let latent: Int
    let explanation: JobID
    /// The epoch of the evidence that the score was made on.
    let epoch: UInt64
    let hasDrifted: Bool
}

/// What one score node has found of explanations: its part in comparisons, and the intervals they were accepted with.
struct ComparisonVotes: Sendable {
    private struct Entry {
        let explanation: JobID
        let explainedBy: String
        let latent: Int
        let value: Double?
    }

    private let node: String
    /// Whether a score can say that an explanation is no longer as good as it was.
    private let noticesDrift: Bool
    /// By challenger and by epoch: the scores on the same windows that have come.
    private var open: [JobID: [UInt64: [Entry]]] = [:]
    /// By explanation: the interval of its first score.
    private var accepted: [JobID: Estimate] = [:]
    /// By explanation: its latest score's epoch.
    private var latest: [JobID: UInt64] = [:]

    init(node: String, noticesDrift: Bool) {
        self.node = node
        self.noticesDrift = noticesDrift
    }

    /// Takes in what was stored; returns the explanations whose latest score has drifted.
    mutating func restore(_ scores: [Score]) -> [Drift] {
        let ordered = scores.filter { $0.round != nil }
            .sorted { ($0.round?.epoch ?? 0, $0.job) < ($1.round?.epoch ?? 0, $1.job) }
        var drifts: [JobID: Drift] = [:]
        for score in ordered {
            if let drift = note(score).drift { drifts[drift.explanation] = drift }
        }
        return drifts.values.filter(\.hasDrifted).sorted { $0.explanation < $1.explanation }
    }

    /// What was scored of a comparison before, once both explanations were; `nil` while one of them is missing.
    func vote(on challenger: Explanation) -> Vote? {
        (open[challenger.job] ?? [:]).sorted { $0.key < $1.key }.lazy
            .compactMap { vote(on: challenger.job, epoch: $0.key, $0.value) }.first
    }

    /// Forgets the scores of comparisons that are over.
    mutating func forget(unless isOpen: (JobID) -> Bool) { open = open.filter { isOpen($0.key) } }

    /// Forgets the scores of a comparison that is over.
    mutating func forget(_ challenger: JobID) { open[challenger] = nil }

    /// Takes in a score; returns the vote that it completes and what it says of its explanation.
    mutating func note(_ score: Score) -> (vote: Vote?, drift: Drift?) {
        guard score.control == nil, let round = score.round else { return (nil, nil) }
        let drift = drift(of: score, in: round)
        guard let challenger = round.contest else { return (nil, drift) }
        open[challenger, default: [:]][round.epoch, default: []].append(
            Entry(
                explanation: score.explanation, explainedBy: score.explainedBy, latent: score.latent,
                value: score.headline?.value))
        let entries = open[challenger]?[round.epoch] ?? []
        return (vote(on: challenger, epoch: round.epoch, entries), drift)
    }

    private mutating func drift(of score: Score, in round: ScoringRound) -> Drift? {
        guard noticesDrift, let headline = score.headline else { return nil }
        guard let accepted = accepted[score.explanation] else {
            accepted[score.explanation] = headline
            latest[score.explanation] = round.epoch
            return nil
        }
        guard round.epoch >= latest[score.explanation] ?? 0, let current = score.current else { return nil }
        latest[score.explanation] = round.epoch
        return Drift(
            explainedBy: score.explainedBy, latent: score.latent, explanation: score.explanation,
            epoch: round.epoch, hasDrifted: current.hasDrifted(below: accepted))
    }

    private func vote(on job: JobID, epoch: UInt64, _ entries: [Entry]) -> Vote? {
        guard let challenger = entries.first(where: { $0.explanation == job }),
            let incumbent = entries.first(where: { $0.explanation != job })
        else { return nil }
        return Vote(
            explainedBy: challenger.explainedBy, latent: challenger.latent, challenger: job, epoch: epoch,
            scores: PairedScore(node: node, standing: incumbent.value, challenger: challenger.value))
    }
}
