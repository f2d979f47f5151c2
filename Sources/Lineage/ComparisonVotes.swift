import Elements

/// What one score node found of a challenger.
struct Vote: Sendable, Hashable {
    let explainedBy: String
    let latent: Int
    let challenger: JobID
    let epoch: UInt64
    let scores: PairedScore

    /// Which look at the comparison it is of, from 1 on.
    var look: Int { scores.look ?? 1 }
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
    /// Which windows two scores were made on.
    private struct Windows: Hashable {
        let epoch: UInt64
        let look: Int
    }

    private let node: String
    /// Whether a score can say that an explanation is no longer as good as it was.
    private let noticesDrift: Bool
    /// By challenger: the scores on the same windows that have come.
    private var open: [JobID: [Windows: [Score]]] = [:]
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
        // Of millions of scores, sorting what they are sorted by takes a fraction of the time.
        let order = scores.indices.compactMap { index in
            scores[index].control != nil
                ? nil : scores[index].round.map { (epoch: $0.epoch, job: scores[index].job, index: index) }
        }.sorted { ($0.epoch, $0.job, $0.index) < ($1.epoch, $1.job, $1.index) }
        if noticesDrift {
            accepted.reserveCapacity(order.count)
            latest.reserveCapacity(order.count)
        }
        var drifts: [JobID: Drift] = [:]
        for place in order {
            if let drift = note(scores[place.index]).drift { drifts[drift.explanation] = drift }
        }
        return drifts.values.filter(\.hasDrifted).sorted { $0.explanation < $1.explanation }
    }

    /// What was scored before in a look at a comparison, once both explanations were; `nil` while one of them is missing.
    func vote(on challenger: Explanation, look: Int = 1) -> Vote? {
        (open[challenger.job] ?? [:]).filter { $0.key.look == look }.sorted { $0.key.epoch < $1.key.epoch }.lazy
            .compactMap { vote(on: challenger.job, $0.key, $0.value) }.first
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
        let windows = Windows(epoch: round.epoch, look: round.look)
        open[challenger, default: [:]][windows, default: []].append(score)
        return (vote(on: challenger, windows, open[challenger]?[windows] ?? []), drift)
    }

    private mutating func drift(of score: Score, in round: ScoringRound) -> Drift? {
        // A part of the windows, taken for a comparison, is nothing that the next score could have fallen from.
        guard noticesDrift, round.contest == nil, let headline = score.headline else { return nil }
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

    private func vote(on job: JobID, _ windows: Windows, _ scores: [Score]) -> Vote? {
        guard let challenger = scores.first(where: { $0.explanation == job }),
            let incumbent = scores.first(where: { $0.explanation != job })
        else { return nil }
        return Vote(
            explainedBy: challenger.explainedBy, latent: challenger.latent, challenger: job, epoch: windows.epoch,
            scores: PairedScore(node: node, standing: incumbent, challenger: challenger, look: windows.look))
    }
}
