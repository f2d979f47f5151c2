import Elements

/// Which explanations a score node has scored, which rounds and controls it owes, and its part in comparisons.
struct ScoreNode: Sendable {
    private struct Page: Sendable {
        /// By latent: its latest explanation.
        var explanations: [Int: Explanation] = [:]
        /// By job: the explanations that are scored again as evidence comes.
        var standing: [JobID: Explanation] = [:]
        /// Latents with held-out windows of both classes.
        var scorable: Set<Int> = []
        /// Latents on whose windows another one's explanation has been scored.
        var controlled: Set<Int> = []
        /// The evidence that the latest of its explanations came with.
        var epoch: UInt64?
        /// The latest evidence on which it was found what is to be scored again.
        var roundEpoch: UInt64?
        /// Explanations that were to be looked at on that evidence, but for that their latents were being explained again or they
        /// were being compared.
        var deferred: Set<JobID> = []
        /// By latent, each time that all explanations of some evidence had come: those that controls are to be drawn from.
        var owedControls: [[Int: Explanation]] = []
    }

    /// How many times controls may be owed at once, each with the explanations of that time.
    private static let mostOwed = 8

    let settings: ScoreNodeSettings
    var votes: ComparisonVotes
    var gate: CascadeGate?
    var steps = ScoreSteps()
    /// Its looks at comparisons.
    var comparing = ComparisonLooks()
    /// By explain node: what has been replaced and not been followed yet.
    private var replacements: [String: [Replacement]] = [:]
    /// By explain node.
    private var pages: [String: Page] = [:]
    private var known: Set<JobID> = []
    /// By explanation: its latest round.
    private var rounds: [JobID: ScoringRound] = [:]
    private var looks: [JobID: RescoreOutlook.Look] = [:]
    /// Explanations that were scored on the windows that decide nothing, or tried to.
    private var reported: Set<JobID> = []
    /// Explanations that stood a comparison and are still to be scored on those windows.
    private var unreported: [Explanation] = []
    /// Explanations that were to be looked at on some evidence, and of which it is known now what came of explaining them again.
    private var released: [Explanation] = []

    /// Restores the state from what was stored.
    ///
    /// - Parameter countsScores: Whether scores of a comparison, by its challenger, are headlines too.
    init(
        _ settings: ScoreNodeSettings, scores: [Score] = [],
        countsScores: (_ explainedBy: String, _ challenger: JobID) -> Bool = { _, _ in false }
    ) {
        self.settings = settings
        votes = ComparisonVotes(node: settings.node, noticesDrift: settings.noticesDrift)
        gate = settings.gate
        let own = scores.count { $0.control == nil }
        known.reserveCapacity(own)
        rounds.reserveCapacity(own)
        for score in scores.lazy.map(PlannedScore.init) {
            let isHeadline = score.round?.contest.map { countsScores(score.explainedBy, $0) } ?? true
            note(score, isHeadline: isHeadline)
        }
    }

    /// Notes a score that is there or planned.
    mutating func note(_ score: PlannedScore) { note(score, isHeadline: score.round?.contest == nil) }

    private mutating func note(_ score: PlannedScore, isHeadline: Bool) {
        guard score.control == nil else {
            pages[score.explainedBy, default: Page()].controlled.insert(score.latent)
            return
        }
        // Windows of a comparison give no headline: that is owed still.
        guard isHeadline else { return }
        known.insert(score.explanation)
        if score.round?.isReporting == true { reported.insert(score.explanation) }
        if let round = score.round, round.epoch >= rounds[score.explanation]?.epoch ?? 0 {
            rounds[score.explanation] = round
        }
        pages[score.explainedBy, default: Page()].scorable.insert(score.latent)
    }

    /// Notes a planned score that an earlier process left unfinished.
    mutating func resume(_ score: PlannedScore) {
        note(score)
        if let round = score.round { comparing.resume(round) }
    }

    /// Notes that explanations are scored in a round, whether or not a score comes of it.
    mutating func attempt(_ requests: [ScoreRequest]) {
        for request in requests where request.control == nil && request.challenger == nil {
            if let round = request.round { rounds[request.explanation.job] = round }
            if request.part == .reporting { reported.insert(request.explanation.job) }
        }
    }

    /// Takes explanations in and returns those that are to be scored.
    mutating func take(_ explanations: [Explanation]) -> [Explanation] {
        let wanted = explanations.filter { explanation in
            // If nothing was said (`explainer: none`) there is nothing to score.
            settings.latents.contains(explanation.latent)
                && (!settings.scoresExplanations || !explanation.text.isEmpty)
        }
        for explanation in wanted {
            pages[explanation.node, default: Page()].explanations[explanation.latent] = explanation
            pages[explanation.node, default: Page()].standing[explanation.job] = explanation
        }
        let fresh = wanted.filter { !known.contains($0.job) }
        known.formUnion(fresh.map(\.job))
        return fresh
    }

    /// Whether the node can do anything with an explanation that is offered to it.
    func accepts(_ explanation: Explanation) -> Bool { !settings.needsPredicate || explanation.predicate != nil }

    /// Whether the node can compare two explanations of a latent.
    func compares(_ comparison: Comparison) -> Bool {
        let both = [comparison.incumbent, comparison.challenger]
        guard settings.scoresExplanations,
            both.allSatisfy({ settings.latents.contains($0.latent) && accepts($0) && !$0.text.isEmpty })
        else { return false }
        // What cheaper scores have settled they decide about too.
        return gate == nil || rounds[comparison.incumbent.job] != nil
    }

    /// Notes that something of an explain node has come with an epoch's evidence; whether the explanations of that node before it
    /// were all there is for now.
    ///
    /// Each node for itself: else it would depend on which of them is faster whose explanations are exchanged as controls.
    mutating func isComplete(_ explainer: String, before epoch: UInt64) -> Bool {
        let last = pages[explainer]?.epoch
        // What was asked for before newer evidence came may come after it.
        pages[explainer, default: Page()].epoch = max(epoch, last ?? 0)
        return last.map { $0 < epoch } ?? false
    }

    /// Notes that all explanations of a node have come, or of all nodes: their controls are owed.
    mutating func settle(_ explainer: String?) {
        for node in explainer.map({ [$0] }) ?? Array(pages.keys) {
            guard let page = pages[node], page.controlled.count < settings.controls else { continue }
            // Of a cheaper node that lags behind, the latest serve.
            if page.owedControls.count == Self.mostOwed { pages[node]?.owedControls.removeLast() }
            pages[node]?.owedControls.append(page.explanations)
        }
    }

    /// Notes that an explanation has been replaced.
    mutating func replace(_ replacement: Replacement) {
        replacements[replacement.new.node, default: []].append(replacement)
    }

    /// Puts what has been replaced since into place; returns the new, and those among them that the node has not scored.
    mutating func follow() -> (all: [Explanation], fresh: [Explanation]) {
        let placed = pages.keys.sorted().flatMap { replacements.removeValue(forKey: $0) ?? [] }
        let fresh = placed.flatMap { replacement -> [Explanation] in
            pages[replacement.new.node]?.standing[replacement.old] = nil
            return accepts(replacement.new) ? take([replacement.new]) : []
        }
        return (placed.map(\.new), fresh)
    }

    /// Notes that it is known what came of explaining a latent again, after which this explanation stands.
    mutating func release(_ explanation: Explanation) {
        guard pages[explanation.node]?.deferred.remove(explanation.job) != nil else { return }
        released.append(explanation)
    }

    /// Whether scores tell how good explanations are, so that one that was compared has its headline from windows that
    /// decided nothing.
    var partsWindows: Bool { settings.scoresExplanations }

    /// Notes that an explanation has stood a comparison: its headline comes from the windows that decide nothing now.
    ///
    /// One that the node has not scored before is scored when its turn comes.
    mutating func report(_ explanation: Explanation) {
        guard partsWindows, rounds[explanation.job] != nil, !reported.contains(explanation.job),
            !unreported.contains(where: { $0.job == explanation.job })
        else { return }
        unreported.append(explanation)
    }

    /// The explanations whose headlines on those windows are owed, but for those that stand no more; they count as
    /// scored from now on.
    mutating func takeUnreported(_ stands: (Explanation) -> Bool) -> [Explanation] {
        defer { unreported = [] }
        return unreported.filter { !reported.contains($0.job) && stands($0) }
    }

    /// Whether something is to be done that a comparison has called for.
    var owesAny: Bool {
        let hasReplacements = replacements.contains { !$0.value.isEmpty && pages[$0.key] != nil }
        return steps.hasEvidence
            && (comparing.owesAny || !unreported.isEmpty || !released.isEmpty || hasReplacements)
    }

    /// The controls that are owed, but for those drawn from explanations of which some wait for cheaper scores; they count as made
    /// from now on.
    mutating func controls() -> [ScoreRequest] {
        var owed: [ControlPair] = []
        for node in pages.keys.sorted() {
            guard var page = pages[node], !page.owedControls.isEmpty else { continue }
            let waiting = gate?.waiting(ofExplainer: node) ?? []
            while let drawn = page.owedControls.first, !waiting.contains(where: { drawn[$0.latent]?.job == $0.job }) {
                page.owedControls.removeFirst()
                let scorable = drawn.values.filter { page.scorable.contains($0.latent) }
                for pair in settings.pairing.pairs(of: scorable, seed: settings.seed) {
                    guard page.controlled.count < settings.controls else { break }
                    if page.controlled.insert(pair.own.latent).inserted { owed.append(pair) }
                }
            }
            pages[node] = page
        }
        return owed.map { ScoreRequest($0.other, own: $0.own, control: settings.control) }
    }

    /// What may have to be scored again of an explain node's on the evidence of an epoch; `nil` if nothing can, or if the epoch
    /// has been asked about.
    ///
    /// What is being explained again or compared is put off until it is known what came of it: the choice may call for a headline of
    /// its own, and whether it comes before or after this must not decide what else is scored.
    mutating func outlook(
        on epoch: UInt64, of explainer: String, turn: (Explanation) -> RescoringTurn = { _ in .now }
    ) -> RescoreOutlook? {
        guard settings.rounds.isActive, let page = pages[explainer], page.roundEpoch.map({ epoch > $0 }) ?? true
        else { return nil }
        pages[explainer]?.roundEpoch = epoch
        let turns = page.standing.values.map { ($0, turn($0)) }
        let deferred = turns.filter { $0.1 == .later || $0.1 == .afterComparison }
        pages[explainer]?.deferred = Set(deferred.map(\.0.job))
        return outlook(of: turns.filter { $0.1 == .now }.map(\.0))
    }

    /// What may have to be scored again of what was put off, of an explain node or of all; what is being compared is put off further.
    mutating func deferredOutlook(of explainer: String?, turn: (Explanation) -> RescoringTurn) -> RescoreOutlook? {
        var due: [Explanation] = []
        for node in explainer.map({ [$0] }) ?? pages.keys.sorted() {
            guard let page = pages[node], !page.deferred.isEmpty else { continue }
            let turns = page.deferred.compactMap { page.standing[$0] }.map { ($0, turn($0)) }
            pages[node]?.deferred = Set(turns.filter { $0.1 == .afterComparison }.map(\.0.job))
            due += turns.filter { $0.1 == .now || $0.1 == .later }.map(\.0)
        }
        return outlook(of: due)
    }

    /// What may have to be scored again of what was put off and is to be no longer, but for what stands no more.
    mutating func releasedOutlook(_ stands: (Explanation) -> Bool) -> RescoreOutlook? {
        defer { released = [] }
        return outlook(of: released.filter(stands))
    }

    private func outlook(of explanations: [Explanation]) -> RescoreOutlook? {
        let ordered = explanations.sorted { ($0.node, $0.latent, $0.job) < ($1.node, $1.latent, $1.job) }
        let candidates = ordered.compactMap { explanation in
            rounds[explanation.job].map {
                RescoreOutlook.Candidate(explanation: explanation, last: $0, look: looks[explanation.job])
            }
        }
        return candidates.isEmpty ? nil : RescoreOutlook(rule: settings.rounds, candidates: candidates)
    }

    /// Notes what was looked at; returns what is to be scored again.
    mutating func look(_ findings: RescoreOutlook.Findings) -> [ScoreRequest] {
        looks.merge(findings.looks) { $1 }
        return findings.due.filter(accepts).map { ScoreRequest($0) }
    }

    /// Those of the explanations that a person asks about that stand, by job; what cheaper scores have settled stays settled.
    func asked(_ asked: AskedScore) -> [Explanation] {
        (pages[asked.explainedBy]?.standing.values.filter { $0.latent == asked.latent } ?? [])
            .filter { accepts($0) && (gate == nil || rounds[$0.job] != nil) }.sorted { $0.job < $1.job }
    }

    /// The latents that have an explanation, and those of them that could be scored.
    var coverage: ScoreCoverage {
        ScoreCoverage(
            explained: pages.values.reduce(into: []) { $0.formUnion($1.explanations.keys) },
            scorable: pages.values.reduce(into: []) { $0.formUnion($1.scorable) })
    }
}

/// What a score node could score.
package struct ScoreCoverage: Sendable, Hashable {
    /// The latents that have an explanation.
    package let explained: Set<Int>
    /// Those that could be scored.
    package let scorable: Set<Int>
}
