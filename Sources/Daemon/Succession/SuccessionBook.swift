import Elements
import Explaining
import Scoring

/// What stands of the explanations of one explain node, latent by latent, and what challenges it.
///
/// A latent has at most one challenger at a time. The state follows from what is stored (explanations, choices and, through the
/// score nodes, the scores of contests), so that a restart goes on where the last process was.
struct SuccessionBook {
    /// An explanation that took the place of another.
    struct Replacement: Sendable, Hashable {
        let old: JobID
        let new: Explanation
    }

    /// A latent that may be explained again.
    struct Candidate: Sendable, Hashable {
        let latent: Int
        /// The job of what stands.
        let standing: JobID
        let past: AgainRule.Past
    }

    private struct Line {
        var standing: Explanation
        /// The evidence of the latest attempt to explain the latent, whatever became of it.
        var basis: EvidenceBasis?
        var wasAgain = false
        /// Whether it is being explained again.
        var isAsking = false
        var challenger: Explanation?
        /// By score node: what it found of the challenger.
        var scores: [String: PairedScore] = [:]
        var epoch: UInt64 = 0
        var hasFallen = false
    }

    private var lines: [Int: Line] = [:]
    /// By score node that can compare explanations: the latents it takes.
    private var scorers: [String: Set<Int>] = [:]
    /// All that was replaced since the book was opened, the oldest first.
    private(set) var replacements: [Replacement] = []

    /// Opens a book with what was stored of an explain node.
    init(explanations: [Explanation] = [], choices: [Choice] = []) {
        let outcomes = Dictionary(choices.map { ($0.challenger, $0.outcome) }) { first, _ in first }
        // In the order in which they were made: each challenger behind what it challenges.
        let ordered = explanations.sorted {
            ($0.provenance.epoch, $0.latent, $0.job) < ($1.provenance.epoch, $1.latent, $1.job)
        }
        for explanation in ordered where explanation.provenance.again == nil { begin(explanation) }
        for explanation in ordered where explanation.provenance.again != nil {
            guard var line = lines[explanation.latent] else { continue }
            line.basis = explanation.provenance.basis ?? line.basis
            line.wasAgain = true
            switch outcomes[explanation.job] {
            case .replaced: line.standing = explanation
            case .kept, .confirmed: break
            case nil: line.challenger = explanation
            }
            lines[explanation.latent] = line
        }
    }

    /// Lets a score node that can compare explanations have a say in what stands of the latents it takes.
    mutating func register(_ scorer: String, latents: Set<Int>) { scorers[scorer] = latents }

    /// The explanations that stand and the open challengers, by latent, each challenger behind what it challenges.
    var current: [Explanation] {
        lines.sorted { $0.key < $1.key }.flatMap { [$0.value.standing] + [$0.value.challenger].compactMap(\.self) }
    }

    /// What stands and its open challenger, where that is the explanation of a job.
    func contest(of challenger: Explanation) -> (standing: Explanation, challenger: Explanation)? {
        guard let line = lines[challenger.latent], let open = line.challenger, open.job == challenger.job else {
            return nil
        }
        return (line.standing, open)
    }

    /// Whether an explanation is the one that stands.
    func stands(_ explanation: Explanation) -> Bool { lines[explanation.latent]?.standing.job == explanation.job }

    /// The latents that may be explained again, with what decides on it, by latent.
    ///
    /// One without a score node to compare by is not among them, nor one whose evidence was not noted.
    var candidates: [Candidate] {
        let compared = scorers.values.reduce(into: Set<Int>()) { $0.formUnion($1) }
        return lines.compactMap { latent, line -> Candidate? in
            guard let basis = line.basis, line.challenger == nil, !line.isAsking, compared.contains(latent) else {
                return nil
            }
            return Candidate(
                latent: latent, standing: line.standing.job,
                past: AgainRule.Past(basis: basis, wasAgain: line.wasAgain, hasFallen: line.hasFallen))
        }.sorted { $0.latent < $1.latent }
    }

    /// Notes that a latent is being explained again.
    mutating func ask(_ latent: Int) { lines[latent]?.isAsking = true }

    /// Notes that explaining a latent again gave nothing: the evidence counts as explained from.
    mutating func noteNothing(of latent: Int, basis: EvidenceBasis) {
        lines[latent]?.isAsking = false
        attempt(latent, basis: basis)
    }

    /// Notes that a score node has found the current score of an explanation below the interval it was accepted with.
    mutating func noteFallen(_ explanation: JobID, of latent: Int, isFallen: Bool) {
        if lines[latent]?.standing.job == explanation { lines[latent]?.hasFallen = isFallen }
    }

    /// Takes in a new explanation; returns the choice where it can be made without scores.
    mutating func admit(_ explanation: Explanation) -> Choice? {
        guard let again = explanation.provenance.again, var line = lines[explanation.latent] else {
            begin(explanation)
            return nil
        }
        guard line.challenger?.job != explanation.job, line.standing.job != explanation.job else { return nil }
        line.isAsking = false
        lines[explanation.latent] = line
        attempt(explanation.latent, basis: explanation.provenance.basis)
        // What has been replaced meanwhile is nothing to challenge any more, and neither can there be two.
        guard again.standing == line.standing.job, line.challenger == nil else {
            return choice(explanation, again, .kept, scores: [], epoch: explanation.provenance.epoch)
        }
        if explanation.text == line.standing.text, explanation.predicate == line.standing.predicate {
            return choice(explanation, again, .confirmed, scores: [], epoch: explanation.provenance.epoch)
        }
        lines[explanation.latent]?.challenger = explanation
        lines[explanation.latent]?.scores = [:]
        lines[explanation.latent]?.epoch = explanation.provenance.epoch
        return decided(explanation.latent)
    }

    /// Takes in what a score node found of a challenger; returns the choice once all nodes that take the latent have spoken.
    mutating func report(_ score: PairedScore, on challenger: JobID, of latent: Int, epoch: UInt64) -> Choice? {
        guard let line = lines[latent], line.challenger?.job == challenger, line.scores[score.node] == nil else {
            return nil
        }
        lines[latent]?.scores[score.node] = score
        lines[latent]?.epoch = max(line.epoch, epoch)
        return decided(latent)
    }

    private mutating func begin(_ explanation: Explanation) {
        guard lines[explanation.latent] == nil else { return }
        lines[explanation.latent] = Line(standing: explanation, basis: explanation.provenance.basis)
    }

    private mutating func attempt(_ latent: Int, basis: EvidenceBasis?) {
        if let basis { lines[latent]?.basis = basis }
        lines[latent]?.wasAgain = true
        lines[latent]?.hasFallen = false
    }

    private mutating func decided(_ latent: Int) -> Choice? {
        guard let line = lines[latent], let challenger = line.challenger, let again = challenger.provenance.again,
            scorers.allSatisfy({ !$0.value.contains(latent) || line.scores[$0.key] != nil })
        else { return nil }
        let scores = line.scores.values.sorted { $0.node < $1.node }
        let outcome = ContestRule.outcome(of: scores)
        lines[latent]?.challenger = nil
        lines[latent]?.scores = [:]
        if outcome == .replaced {
            lines[latent]?.standing = challenger
            lines[latent]?.hasFallen = false
            replacements.append(Replacement(old: line.standing.job, new: challenger))
        }
        return choice(challenger, again, outcome, scores: scores, epoch: line.epoch)
    }

    private func choice(
        _ challenger: Explanation, _ again: ExplainedAgain, _ outcome: ChoiceOutcome, scores: [PairedScore],
        epoch: UInt64
    ) -> Choice {
        Choice(
            challenger: challenger.job, standing: again.standing, node: challenger.node, coder: challenger.coder,
            latent: challenger.latent, reason: again.reason, outcome: outcome, scores: scores, epoch: epoch)
    }
}
