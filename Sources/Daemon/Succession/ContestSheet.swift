import Elements
import Scoring

/// What one score node has found of explanations: the contests it has a part in, and the intervals they were accepted with.
struct ContestSheet {
    /// A finished part in a contest.
    struct Part: Sendable, Hashable {
        let explainedBy: String
        let latent: Int
        let challenger: JobID
        let epoch: UInt64
        let scores: PairedScore
    }

    /// That the current score of an explanation has fallen out of the interval it was accepted with, or has not.
    struct Fall: Sendable, Hashable {
        let explainedBy: String
        let latent: Int
        let explanation: JobID
        let isFallen: Bool
    }

    private struct Key: Hashable {
        let challenger: JobID
        let epoch: UInt64
    }

    private let node: String
    private struct Entry {
        let explanation: JobID
        let explainedBy: String
        let latent: Int
        let value: Double?
    }

    /// By challenger and epoch: the scores on the same windows that have come.
    private var open: [Key: [Entry]] = [:]
    /// By explanation: its first score's epoch and interval.
    private var accepted: [JobID: (epoch: UInt64, interval: Estimate)] = [:]
    /// By explanation: its latest score's epoch.
    private var latest: [JobID: UInt64] = [:]
    /// Explanations whose latest score had fallen when the node began.
    private(set) var falls: [Fall] = []

    /// Opens a sheet with what the node has scored before.
    init(node: String, scores: [Score] = []) {
        self.node = node
        let ordered = scores.filter { $0.round != nil }
            .sorted { ($0.round?.epoch ?? 0, $0.job) < ($1.round?.epoch ?? 0, $1.job) }
        var falls: [JobID: Fall] = [:]
        for score in ordered {
            if let fall = note(score).fall { falls[fall.explanation] = fall }
        }
        self.falls = falls.values.filter(\.isFallen).sorted { $0.explanation < $1.explanation }
    }

    /// What was scored of a contest before, once both explanations were; `nil` while one of them is missing.
    func part(of challenger: Explanation) -> Part? {
        open.filter { $0.key.challenger == challenger.job && $0.value.count > 1 }
            .min { $0.key.epoch < $1.key.epoch }.flatMap { part($0.key, $0.value) }
    }

    /// Takes in a score; returns what it completes and what it says of its explanation.
    mutating func note(_ score: Score) -> (part: Part?, fall: Fall?) {
        guard score.control == nil, let round = score.round else { return (nil, nil) }
        let fall = fall(of: score, in: round)
        guard let contest = round.contest else { return (nil, fall) }
        let key = Key(challenger: contest, epoch: round.epoch)
        open[key, default: []].append(
            Entry(
                explanation: score.explanation, explainedBy: score.explainedBy, latent: score.latent,
                value: score.headline?.value))
        return (open[key].flatMap { part(key, $0) }, fall)
    }

    private mutating func fall(of score: Score, in round: ScoringRound) -> Fall? {
        guard let headline = score.headline, ScoringMethods.ofScores(score.method).topic.blamesExplanations else {
            return nil
        }
        guard let accepted = accepted[score.explanation] else {
            accepted[score.explanation] = (round.epoch, headline)
            latest[score.explanation] = round.epoch
            return nil
        }
        guard round.epoch >= latest[score.explanation] ?? 0, let current = score.details[CurrentEstimate.name] else {
            return nil
        }
        latest[score.explanation] = round.epoch
        return Fall(
            explainedBy: score.explainedBy, latent: score.latent, explanation: score.explanation,
            isFallen: CurrentEstimate.hasFallen(current, below: accepted.interval))
    }

    private func part(_ key: Key, _ entries: [Entry]) -> Part? {
        guard let challenger = entries.first(where: { $0.explanation == key.challenger }),
            let standing = entries.first(where: { $0.explanation != key.challenger })
        else { return nil }
        return Part(
            explainedBy: challenger.explainedBy, latent: challenger.latent, challenger: key.challenger,
            epoch: key.epoch,
            scores: PairedScore(
                node: node, standing: standing.value, challenger: challenger.value))
    }
}
