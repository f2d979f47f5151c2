import Elements
import Scoring

/// Which explanations a score node has scored, and which controls it still owes.
struct ScoringBook {
    private struct Page {
        /// By latent: its latest explanation.
        var explanations: [Int: Explanation] = [:]
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
    private var epoch: UInt64?

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
            note(score.explanation, of: score.explainedBy, latent: score.latent, control: score.control)
        }
    }

    /// Notes a score that is there or planned.
    mutating func note(_ explanation: JobID, of explainer: String, latent: Int, control: String?) {
        if control == nil {
            known.insert(explanation)
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
        defer { epoch = batch.update.epoch }
        return batch.explanations.isEmpty || epoch.map { $0 != batch.update.epoch } ?? false
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

    /// The latents that have an explanation, and those of them that could be scored.
    var coverage: (explained: Set<Int>, scorable: Set<Int>) {
        (
            pages.values.reduce(into: []) { $0.formUnion($1.explanations.keys) },
            pages.values.reduce(into: []) { $0.formUnion($1.scorable) }
        )
    }
}
