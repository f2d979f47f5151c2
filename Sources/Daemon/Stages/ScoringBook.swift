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
    ///   - scores: What the node has scored before.
    init(latents: Set<Int>, seed: UInt64, limit: Int, scores: [Score] = []) {
        self.latents = latents
        self.seed = seed
        self.limit = limit
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
        // Where nothing was said (`explainer: none`) there is nothing to score.
        let wanted = explanations.filter { latents.contains($0.latent) && !$0.text.isEmpty }
        for explanation in wanted {
            pages[explanation.node, default: Page()].explanations[explanation.latent] = explanation
        }
        let fresh = wanted.filter { !known.contains($0.job) }
        known.formUnion(fresh.map(\.job))
        return fresh
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
            for pair in Shuffle.pairs(of: scorable, seed: seed) {
                guard page.controlled.count < limit else { break }
                if page.controlled.insert(pair.own.latent).inserted { owed.append(pair) }
            }
            pages[node] = page
        }
        return owed
    }

    /// The latents that have an explanation, and those of them that could be scored.
    var coverage: (explained: Set<Int>, scorable: Set<Int>) {
        (
            pages.values.reduce(into: []) { $0.formUnion($1.explanations.keys) },
            pages.values.reduce(into: []) { $0.formUnion($1.scorable) }
        )
    }
}
