import Elements

/// What stands of the explanations of one explain node, latent by latent, and what challenges it.
///
/// A latent has at most one challenger at a time. The state follows from what is stored (explanations, choices and,
/// through the score nodes, the scores of comparisons), so that a restart goes on from the same state.
struct ExplainNode: Sendable {
    /// The state of one latent.
    struct Line: Sendable, Hashable {
        var incumbent: Explanation
        /// The evidence of the latest attempt to explain the latent, whatever became of it.
        var basis: EvidenceBasis?
        var wasReexplained = false
        /// The epoch of the latest explanation made again that was stored before the start.
        var restored: UInt64?
        /// Whether it is being explained again.
        var isAsking = false
        var challenger: Explanation?
        /// Which look at the comparison is being taken, from 1 on.
        var look = 1
        /// What earlier looks found.
        var seen: [PairedScore] = []
        /// By score node: what it found of the challenger in this look.
        var votes: [String: PairedScore] = [:]
        var epoch: UInt64 = 0
        var hasDrifted = false
        /// Whether the incumbent stands whatever scores better.
        var isPinned = false
    }

    /// When latents are explained again.
    let rule: ReexplanationRule
    var lines: [Int: Line] = [:]
    /// Latents about which a comparison is open.
    private var contested: Set<Int> = []
    private(set) var incumbents: Incumbents
    /// Latents that have been explained or are being explained.
    private(set) var known: Set<Int> = []
    /// By score node that can compare explanations: the latents it takes.
    private var scorers: [String: Set<Int>] = [:]
    /// By latent: the windows it had fired in when its peaks were last looked at, which takes time.
    private var looked: [Int: UInt64] = [:]

    /// Restores the state from what was stored.
    init(
        rule: ReexplanationRule, explanations: [Explanation] = [], choices: [Choice] = [], pinned: Set<JobID> = []
    ) {
        self.rule = rule
        incumbents = Incumbents(explanations: explanations, choices: choices)
        lines.reserveCapacity(explanations.count)
        known.reserveCapacity(explanations.count)
        // First explanations before those made again, both in the order in which they were made: each challenger after what it
        // challenges. Of a million, keys are sorted many times faster than what they are read from.
        let keys = explanations.indices.map { index in
            let (explanation, provenance) = (explanations[index], explanations[index].provenance)
            return (
                isAgain: provenance.again != nil, epoch: provenance.epoch, latent: explanation.latent,
                job: explanation.job, index: index
            )
        }.sorted {
            $0.isAgain == $1.isAgain ? ($0.epoch, $0.latent, $0.job) < ($1.epoch, $1.latent, $1.job) : $1.isAgain
        }
        for key in keys {
            let explanation = explanations[key.index]
            guard key.isAgain else {
                begin(explanation)
                continue
            }
            guard var line = lines[explanation.latent] else { continue }
            line.basis = explanation.provenance.basis ?? line.basis
            line.wasReexplained = true
            line.restored = explanation.provenance.epoch
            switch incumbents[explanation.job] {
            case .incumbent: line.incumbent = explanation
            case .challenger:
                line.challenger = explanation
                contested.insert(explanation.latent)
            case .replaced, .rejected, nil: break
            }
            lines[explanation.latent] = line
        }
        guard !pinned.isEmpty else { return }
        for (latent, line) in lines where pinned.contains(line.incumbent.job) { lines[latent]?.isPinned = true }
    }

    /// Lets a score node that can compare explanations have a say in what stands of the latents it takes.
    mutating func register(_ scorer: String, latents: Set<Int>) { scorers[scorer] = latents }

    /// The score nodes that have a say.
    var readers: [String] { scorers.keys.sorted() }

    /// Those of them that take a latent.
    func readers(of latent: Int) -> [String] { readers.filter { scorers[$0]?.contains(latent) ?? false } }

    /// The explanations that stand and the open challengers, by latent, each challenger after what it challenges.
    var current: [Explanation] {
        lines.sorted { $0.key < $1.key }.flatMap { [$0.value.incumbent] + [$0.value.challenger].compactMap(\.self) }
    }

    /// What stands and its open challenger, if that is the explanation of a job.
    func comparison(of challenger: Explanation) -> Comparison? {
        guard let line = lines[challenger.latent], let open = line.challenger, open.job == challenger.job else {
            return nil
        }
        return Comparison(incumbent: line.incumbent, challenger: open, look: line.look)
    }

    /// The comparison that is open about a latent; `nil` without any.
    func comparison(ofLatent latent: Int) -> Comparison? { lines[latent]?.challenger.flatMap { comparison(of: $0) } }

    /// Whether a score node has voted in the look that is being taken about a latent.
    func hasVoted(_ scorer: String, onLatent latent: Int) -> Bool { lines[latent]?.votes[scorer] != nil }

    /// Whether an explanation is the one that stands.
    func stands(_ explanation: Explanation) -> Bool { lines[explanation.latent]?.incumbent.job == explanation.job }

    /// The comparisons that are open.
    var comparisons: some Sequence<Comparison> { contested.lazy.compactMap { comparison(ofLatent: $0) } }

    /// When an explanation may be scored again on evidence that has come.
    func turn(of explanation: Explanation) -> RescoringTurn {
        guard let line = lines[explanation.latent] else { return .now }
        guard line.incumbent.job == explanation.job else { return .never }
        guard line.challenger == nil else { return .afterComparison }
        return line.isAsking ? .later : .now
    }

    /// What may have to be explained, before the evidence is looked at.
    var outlook: ExplainOutlook { ExplainOutlook(rule: rule, known: known, candidates: candidates, looked: looked) }

    /// The latents that may be explained again, with what decides on it, by latent.
    ///
    /// A latent that no score node can compare by is not among them, nor one whose evidence was not noted.
    private var candidates: [ExplainOutlook.Candidate] {
        let compared = scorers.values.reduce(into: Set<Int>()) { $0.formUnion($1) }
        return lines.compactMap { latent, line -> ExplainOutlook.Candidate? in
            guard let past = line.past, line.mayBeAsked, compared.contains(latent) else { return nil }
            return ExplainOutlook.Candidate(latent: latent, incumbent: line.incumbent.job, past: past)
        }.sorted { $0.latent < $1.latent }
    }

    /// By latent: what decides whether its explanation is due to be made again, whoever could compare the two.
    var pasts: [Int: ReexplanationRule.Past] { lines.compactMapValues(\.past) }

    /// Notes when the peaks of latents were looked at.
    mutating func look(_ looked: [Int: UInt64]) { self.looked.merge(looked) { $1 } }

    /// Notes latents that have been explained or are being explained.
    mutating func know(_ latents: Set<Int>) { known.formUnion(latents) }

    /// Notes that a latent is being explained again.
    mutating func ask(_ latent: Int) { lines[latent]?.isAsking = true }

    /// Notes that explaining a latent again gave nothing: the evidence counts as explained from.
    mutating func noteNothing(of latent: Int, basis: EvidenceBasis) {
        attempt(latent, basis: basis)
    }

    /// Notes whether a score node has found the current score of an explanation below the interval it was accepted
    /// with.
    mutating func noteDrift(of explanation: JobID, latent: Int, hasDrifted: Bool) {
        if lines[latent]?.incumbent.job == explanation { lines[latent]?.hasDrifted = hasDrifted }
    }

    /// Takes in what a stored score said, unless the latent has been explained again since: that forgets what called for it.
    mutating func restore(_ drift: Drift) {
        if let restored = lines[drift.latent]?.restored, restored >= drift.epoch { return }
        noteDrift(of: drift.explanation, latent: drift.latent, hasDrifted: drift.hasDrifted)
    }

    /// Whether an explanation has been replaced or rejected.
    func isDecided(_ job: JobID) -> Bool {
        switch incumbents[job] {
        case .replaced, .rejected: true
        case .incumbent, .challenger, nil: false
        }
    }

    /// Takes in a new explanation; returns the choice if it can be made without scores.
    mutating func admit(_ explanation: Explanation) -> Decision? {
        guard let again = explanation.provenance.again, let line = lines[explanation.latent] else {
            incumbents.add(explanation)
            begin(explanation)
            return nil
        }
        // The same evidence gives the same job again, and what was decided about that stays decided.
        guard incumbents[explanation.job] == nil else {
            if isDecided(explanation.job), again.reason != .asked {
                attempt(explanation.latent, basis: explanation.provenance.basis)
            }
            return nil
        }
        incumbents.add(explanation)
        attempt(explanation.latent, basis: explanation.provenance.basis)
        let epoch = explanation.provenance.epoch
        // What has been replaced meanwhile is nothing to challenge any more, nor is what is pinned, and there cannot be two
        // challengers.
        guard again.standing == line.incumbent.job, line.challenger == nil, !line.isPinned else {
            return decision(explanation, again, .kept, votes: [], epoch: epoch)
        }
        if explanation.text == line.incumbent.text, explanation.predicate == line.incumbent.predicate {
            return decision(explanation, again, .confirmed, votes: [], epoch: epoch)
        }
        // A person's words stand at once: whoever gives them has decided already.
        if again.reason == .labelled {
            lines[explanation.latent]?.incumbent = explanation
            return decision(explanation, again, .replaced, votes: [], epoch: epoch, replaces: line.incumbent.job)
        }
        lines[explanation.latent]?.challenger = explanation
        contested.insert(explanation.latent)
        lines[explanation.latent]?.beginComparison()
        lines[explanation.latent]?.epoch = epoch
        return decided(explanation.latent)
    }

    /// Takes in what a score node found of a challenger; returns the choice once all nodes that take the latent have
    /// voted.
    mutating func report(_ vote: Vote) -> Decision? {
        guard let line = lines[vote.latent], line.challenger?.job == vote.challenger, line.look == vote.look,
            line.votes[vote.scores.node] == nil, scorers[vote.scores.node]?.contains(vote.latent) == true
        else { return nil }
        lines[vote.latent]?.votes[vote.scores.node] = vote.scores
        lines[vote.latent]?.epoch = max(line.epoch, vote.epoch)
        return decided(vote.latent)
    }

    private mutating func begin(_ explanation: Explanation) {
        known.insert(explanation.latent)
        guard lines[explanation.latent] == nil else { return }
        lines[explanation.latent] = Line(incumbent: explanation, basis: explanation.provenance.basis)
    }

    /// Notes that a latent has been explained again from some evidence, whatever came of it.
    private mutating func attempt(_ latent: Int, basis: EvidenceBasis?) {
        lines[latent]?.isAsking = false
        if let basis { lines[latent]?.basis = basis }
        lines[latent]?.wasReexplained = true
        lines[latent]?.hasDrifted = false
    }

    private mutating func decided(_ latent: Int) -> Decision? {
        guard let line = lines[latent], let challenger = line.challenger, let again = challenger.provenance.again,
            scorers.allSatisfy({ !$0.value.contains(latent) || line.votes[$0.key] != nil })
        else { return nil }
        let votes = line.found
        guard let outcome = ComparisonRule.outcome(of: votes, look: line.look) else {
            lines[latent]?.seen = votes
            lines[latent]?.look += 1
            lines[latent]?.votes = [:]
            return nil
        }
        endComparison(ofLatent: latent)
        if outcome == .replaced {
            lines[latent]?.incumbent = challenger
            lines[latent]?.hasDrifted = false
        }
        return decision(
            challenger, again, outcome, votes: votes, epoch: line.epoch, replaces: line.incumbent.job)
    }

    /// Ends the comparison that is open about a latent.
    mutating func endComparison(ofLatent latent: Int) {
        lines[latent]?.challenger = nil
        contested.remove(latent)
        lines[latent]?.beginComparison()
    }

    mutating func decision(
        _ challenger: Explanation, _ again: ExplainedAgain, _ outcome: ChoiceOutcome, votes: [PairedScore],
        epoch: UInt64, replaces old: JobID? = nil
    ) -> Decision {
        let choice = Choice(
            challenger: challenger.job, standing: again.standing, node: challenger.node, coder: challenger.coder,
            latent: challenger.latent, reason: again.reason, outcome: outcome, scores: votes, epoch: epoch)
        incumbents.decide(choice)
        guard outcome == .replaced, let old else { return Decision(choice: choice) }
        return Decision(choice: choice, replacement: Replacement(old: old, new: challenger))
    }
}

/// An explanation that took the place of another.
struct Replacement: Sendable, Hashable {
    let old: JobID
    let new: Explanation
}

/// A choice and what it changes.
struct Decision: Sendable, Hashable {
    let choice: Choice
    var replacement: Replacement?
}

/// An explanation that stands and what challenges it.
struct Comparison: Sendable, Hashable {
    let incumbent: Explanation
    let challenger: Explanation
    /// Which look is being taken, from 1 on.
    var look = 1
}

extension ExplainNode.Line {
    /// What decides whether the latent is due to be explained again; `nil` while that is being compared, and if its evidence
    /// was not noted.
    fileprivate var past: ReexplanationRule.Past? {
        guard challenger == nil else { return nil }
        return basis.map {
            ReexplanationRule.Past(basis: $0, wasReexplained: wasReexplained, hasDrifted: hasDrifted)
        }
    }

    /// Whether the latent may be explained again now.
    var mayBeAsked: Bool { challenger == nil && !isAsking && !isPinned }

    /// What score nodes have found of the challenger, of all looks.
    var found: [PairedScore] { seen + votes.values.sorted { $0.node < $1.node } }

    /// Forgets what was found of a challenger.
    fileprivate mutating func beginComparison() {
        look = 1
        seen = []
        votes = [:]
    }
}
