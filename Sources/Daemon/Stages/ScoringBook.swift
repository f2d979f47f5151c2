import Elements
import Scoring

/// Which explanations a score node has scored, and which controls it still owes.
struct ScoringBook {
    private struct Page {
        /// By latent: its latest explanation.
        var explanations: [Int: Explanation] = [:]
        /// By job: the explanations that are scored again as evidence comes.
        var standing: [JobID: Explanation] = [:]
        /// Replacements that have been followed.
        var replaced = 0
        /// Latents with held-out windows of both classes.
        var scorable: Set<Int> = []
        /// Latents on whose windows another one's explanation has been scored.
        var controlled: Set<Int> = []
    }

    private let latents: Set<Int>
    private let seed: UInt64
    private let limit: Int
    private let topic: ScoringTopic
    /// By explain node.
    private var pages: [String: Page] = [:]
    private var known: Set<JobID> = []
    /// By explanation: its latest round.
    private var rounds: [JobID: ScoringRound] = [:]
    /// By explanation: when its recent windows were last looked at.
    private var looked: [JobID: (epoch: UInt64, windowsFired: UInt64)] = [:]
    /// Recent windows are looked at once a latent has fired in a quarter more windows, or so many epochs later.
    private static let patience: UInt64 = 64
    private var epoch: UInt64?
    private var roundEpoch: UInt64?

    /// Opens a book.
    ///
    /// - Parameters:
    ///   - latents: Those that the node takes.
    ///   - seed: Chooses who gets whose explanation.
    ///   - limit: The most controls per explainer.
    ///   - topic: What the node scores.
    ///   - scores: What the node has scored before.
    init(
        latents: Set<Int>, seed: UInt64, limit: Int, topic: ScoringTopic = .explanations, scores: [Score] = []
    ) {
        self.latents = latents
        self.seed = seed
        self.limit = limit
        self.topic = topic
        for score in scores {
            note(
                score.explanation, of: score.explainedBy, latent: score.latent, control: score.control,
                round: score.round)
        }
    }

    /// Notes a score that is there or planned.
    mutating func note(
        _ explanation: JobID, of explainer: String, latent: Int, control: String?, round: ScoringRound? = nil
    ) {
        if control == nil {
            known.insert(explanation)
            if let round, round.epoch >= rounds[explanation]?.epoch ?? 0 { rounds[explanation] = round }
            pages[explainer, default: Page()].scorable.insert(latent)
        } else {
            pages[explainer, default: Page()].controlled.insert(latent)
        }
    }

    /// Takes explanations in and returns those that are to be scored.
    mutating func take(_ explanations: [Explanation]) -> [Explanation] {
        let wanted = explanations.filter { latents.contains($0.latent) && isToBeScored($0) }
        for explanation in wanted {
            pages[explanation.node, default: Page()].explanations[explanation.latent] = explanation
            pages[explanation.node, default: Page()].standing[explanation.job] = explanation
        }
        let fresh = wanted.filter { !known.contains($0.job) }
        known.formUnion(fresh.map(\.job))
        return fresh
    }

    private func isToBeScored(_ explanation: Explanation) -> Bool {
        switch topic {
        // Where nothing was said (`explainer: none`) there is nothing to score.
        case .explanations: !explanation.text.isEmpty
        case .latents, .effects: true
        }
    }

    /// Whether what has come so far is all there is for now: a batch without explanations says so, and so does a later epoch.
    mutating func isComplete(before batch: ExplanationBatch) -> Bool {
        // News of evidence alone says nothing of explanations that are still being made.
        guard batch.isComplete || !batch.explanations.isEmpty else { return false }
        defer { epoch = batch.update.epoch }
        return batch.isComplete || epoch.map { $0 != batch.update.epoch } ?? false
    }

    /// The controls that are owed, and are taken as made from now on.
    mutating func controls() -> [Shuffle.Pair] {
        var owed: [Shuffle.Pair] = []
        for node in pages.keys.sorted() {
            guard var page = pages[node] else { continue }
            let scorable = page.explanations.values.filter { page.scorable.contains($0.latent) }
            for pair in pairs(of: scorable) {
                guard page.controlled.count < limit else { break }
                if page.controlled.insert(pair.own.latent).inserted { owed.append(pair) }
            }
            pages[node] = page
        }
        return owed
    }

    private func pairs(of explanations: [Explanation]) -> [Shuffle.Pair] {
        switch topic {
        case .explanations: Shuffle.pairs(of: explanations, seed: seed)
        case .effects: Shuffle.latentPairs(of: explanations, seed: seed)
        case .latents: Shuffle.ring(of: explanations, seed: seed).map { Shuffle.Pair(own: $0, other: $0) }
        }
    }

    /// The explanations that stand, by explain node, latent and job.
    var standing: [Explanation] {
        pages.sorted { $0.key < $1.key }.flatMap { page in
            page.value.standing.values.sorted { ($0.latent, $0.job) < ($1.latent, $1.job) }
        }
    }

    /// The latest round in which an explanation was scored.
    func round(of explanation: JobID) -> ScoringRound? { rounds[explanation] }

    /// Notes that explanations are scored in a round, whether or not a score comes of it.
    mutating func note(_ wishes: [HeldOutScoring.Wish]) {
        for wish in wishes where wish.control == nil {
            if let round = wish.round { rounds[wish.explanation.job] = round }
        }
    }

    /// Whether an epoch is later than all that this was asked about.
    mutating func isNews(_ epoch: UInt64) -> Bool {
        guard roundEpoch.map({ epoch > $0 }) ?? true else { return false }
        roundEpoch = epoch
        return true
    }

    /// Whether enough has happened to look at an explanation's recent windows again.
    mutating func looksAgain(at explanation: JobID, epoch: UInt64, windowsFired: UInt64) -> Bool {
        if let last = looked[explanation], epoch < last.epoch &+ Self.patience,
            windowsFired < last.windowsFired &+ last.windowsFired / 4
        {
            return false
        }
        looked[explanation] = (epoch, windowsFired)
        return true
    }

    /// How many replacements of an explain node have been followed; follows so many more.
    mutating func follow(_ explainer: String, _ more: Int = 0) -> Int {
        pages[explainer, default: Page()].replaced += more
        return pages[explainer]?.replaced ?? 0
    }

    /// The explain nodes that explanations have come from.
    var explainers: [String] { pages.keys.sorted() }

    /// No longer scores an explanation again.
    mutating func retire(_ explanation: JobID, of explainer: String) {
        pages[explainer]?.standing[explanation] = nil
    }

    /// The latents that have an explanation, and those of them that could be scored.
    var coverage: (explained: Set<Int>, scorable: Set<Int>) {
        (
            pages.values.reduce(into: []) { $0.formUnion($1.explanations.keys) },
            pages.values.reduce(into: []) { $0.formUnion($1.scorable) }
        )
    }
}
