package import Elements

/// What stands of the explanations of a topology's explain nodes, what challenges it, and what its score nodes owe.
///
/// A state machine: events go in and actions come out. It knows of no store, task or clock. Its state follows from what
/// is stored, so that it can be restored after any step. Whoever shares it between tasks holds a lock.
package struct Lineage: Sendable {
    var explainers: [String: ExplainNode] = [:]
    var scorers: [String: ScoreNode] = [:]
    private var standing = StandingScores()
    /// Grows whenever a score node that is through with its input may have something else to do or to wait for.
    package internal(set) var changes: UInt64 = 0

    /// The names of the details of scores by which anything is decided here.
    package static let scoreDetails: Set<String> = [Score.currentName]
    /// Those by which comparisons are decided besides, of the scores that were made for them.
    package static let comparedDetails: Set<String> = ["true_positive_rate", "true_negative_rate"]

    package init() {}

    /// Restores an explain node from what was stored of it, before the score nodes that read it.
    package mutating func restore(
        explainer: String, rule: ReexplanationRule, explanations: [Explanation], choices: [Choice],
        pinned: Set<JobID> = []
    ) {
        explainers[explainer] = ExplainNode(
            rule: rule, explanations: explanations, choices: choices, pinned: pinned)
    }

    /// Restores a score node from what was stored of it.
    ///
    /// From then on no explanation of the explain nodes that it reads is replaced before it has voted on it.
    package mutating func restore(scorer settings: ScoreNodeSettings, reading inputs: [String], scores: [Score]) {
        for input in inputs { explainers[input]?.register(settings.node, latents: settings.latents) }
        var scorer = ScoreNode(settings, scores: scores) { explainer, challenger in
            explainers[explainer]?.incumbents.countsScores(ofComparison: challenger) ?? false
        }
        standing.reserve(scores.count { $0.control == nil })
        for score in scores { standing.note(score) }
        for drift in scorer.votes.restore(scores) { explainers[drift.explainedBy]?.restore(drift) }
        let open = Set(explainers.values.flatMap { $0.lines.values.compactMap(\.challenger?.job) })
        scorer.votes.forget { open.contains($0) }
        scorers[settings.node] = scorer
    }

    /// The lowest of the latest scores that score nodes have given to an explanation; `nil` if it has none.
    package func lowestScore(of explanation: JobID) -> Double? { standing.lowest(of: explanation) }

    /// What has become of the explanations of a node; `nil` if there is no such node.
    func incumbents(of explainer: String) -> Incumbents? { explainers[explainer]?.incumbents }

    // MARK: Explaining

    /// The explanations of a node that stand and the open challengers, by latent, each challenger after what it
    /// challenges.
    package func current(of explainer: String) -> [Explanation] { explainers[explainer]?.current ?? [] }

    /// Takes in what happens at an explain node; returns what it is to do, in order.
    package mutating func handle(_ event: ExplainEvent, at node: String) -> [ExplainAction] {
        switch event {
        case .evidence:
            return explainers[node].map { [.look($0.outlook)] } ?? []
        case .looked(let findings):
            explainers[node]?.look(findings.looked)
            return findings.requests.isEmpty ? [] : [.explain(findings.requests)]
        case .begun(let latents):
            explainers[node]?.know(latents)
        case .asked(let latents):
            for latent in latents { explainers[node]?.ask(latent) }
        case .foundNothing(let latent, let basis):
            explainers[node]?.noteNothing(of: latent, basis: basis)
        case .explained(let explanations):
            return admit(explanations, at: node)
        case .requested(let asked):
            return explanations(asked, at: node)
        case .pinned(let job, let latent):
            return pin(job, ofLatent: latent, at: node)
        case .unpinned(let latent):
            explainers[node]?.unpin(latent: latent)
        }
        return []
    }

    private mutating func admit(_ explanations: [Explanation], at node: String) -> [ExplainAction] {
        guard !explanations.isEmpty else { return [] }
        let decided = explanations.map(\.job).filter { explainers[node]?.isDecided($0) ?? false }
        let choices = explanations.compactMap { explanation in
            explainers[node]?.admit(explanation).map { choice(of: $0) }
        }
        // What has replaced another at once is scored as a first explanation is.
        let settled = Set(choices.filter { $0.outcome != .replaced }.map(\.challenger) + decided)
        let toScore = explanations.filter { !settled.contains($0.job) }
        return [.record(explanations, choosing: choices)] + (toScore.isEmpty ? [] : [.passOn(toScore)])
    }

    // MARK: Scoring

    /// Takes in what happens at a score node; returns what it is to do, in order, before it is told `.done`.
    package mutating func handle(_ event: ScoreEvent, at node: String) -> [ScoreAction] {
        switch event {
        case .resumed(let score):
            scorers[node]?.resume(score)
            changes += 1
        case .explanations(let explanations, let epoch):
            // A batch comes of one node.
            let settled = explanations.first.map { settling($0.node, before: epoch, at: node) } ?? []
            return begin(settled + [.adopt, .take(explanations)], at: node)
        case .evidence(let epoch, let explainer):
            let settled = settling(explainer, before: epoch, at: node)
            // After the explanations of the same evidence: a comparison is a round too.
            return begin(settled + [.adopt, .take([]), .rescore(epoch: epoch, by: explainer)], at: node)
        case .asked(let asked):
            return begin([.adopt, .scoreAgain(asked)], at: node)
        case .settled(let epoch, let explainer):
            _ = scorers[node]?.isComplete(explainer, before: epoch)
            return begin([.settle(explainer)], at: node)
        case .cheaper(let scores):
            let resolution = scorers[node]?.gate?.take(scores: scores)
            return begin((resolution.map { [.resolve($0)] } ?? []) + ScoreSteps.afterCheaper, at: node)
        case .considered(let jobs, let gate):
            let resolution = scorers[node]?.gate?.take(considered: jobs, by: gate)
            return begin((resolution.map { [.resolve($0)] } ?? []) + ScoreSteps.afterCheaper, at: node)
        case .ended:
            scorers[node]?.steps.isEnded = true
            changes += 1
            return begin([.endGate, .settle(nil)], at: node)
        case .woken:
            return begin(ScoreSteps.afterComparisons, at: node)
        case .done:
            return next(at: node)
        case .looked(let findings):
            return scores(scorers[node]?.look(findings) ?? [], at: node)
        case .worked(let requests, let scores):
            note(requests, workedTo: scores, at: node)
        case .finished(let requests, let scores):
            return choices(abstentions(from: requests, scores, at: node))
        case .recorded(let scores):
            for score in scores { standing.note(score) }
            return choices(scores.compactMap { note($0, at: node) })
        case .failed(let score):
            guard let round = score.round, let challenger = round.contest else { return [] }
            scorers[node]?.comparing.abstain(round)
            return choices(
                [
                    abstain(
                        from: challenger, explainedBy: score.explainedBy, of: score.latent, epoch: round.epoch,
                        look: round.look, at: node)
                ].compactMap(\.self))
        case .left(let rounds):
            for round in rounds { scorers[node]?.comparing.leave(round) }
            changes += 1
        case .stopping:
            scorers[node]?.steps.isStopping = true
            changes += 1
        case .closed:
            scorers[node]?.steps.isClosed = true
            changes += 1
        }
        return []
    }

    /// Settles an explain node if what comes of it is of newer evidence than what came before.
    private mutating func settling(_ explainer: String, before epoch: UInt64, at node: String) -> [ScoreSteps.Step] {
        scorers[node]?.isComplete(explainer, before: epoch) == true ? [.settle(explainer)] : []
    }

    private mutating func begin(_ steps: [ScoreSteps.Step], at node: String) -> [ScoreAction] {
        scorers[node]?.steps.append(steps)
        return next(at: node)
    }

    /// The actions of the next step that asks for something.
    private mutating func next(at node: String) -> [ScoreAction] {
        while let step = scorers[node]?.steps.next() {
            let actions = actions(of: step, at: node)
            if !actions.isEmpty { return actions }
        }
        return []
    }

    private mutating func actions(of step: ScoreSteps.Step, at node: String) -> [ScoreAction] {
        guard let steps = scorers[node]?.steps else { return [] }
        switch step {
        case .settle(let explainer):
            guard steps.hasEvidence, !steps.isStopping else { return [] }
            scorers[node]?.settle(explainer)
            scorers[node]?.steps.insert(
                ScoreSteps.afterComparisons + [.rescoreDeferred(explainer), .controls, .coverage])
        case .followReplacements:
            guard steps.hasEvidence, !steps.isStopping else { return [] }
            follow(at: node)
        case .lookAgain:
            guard steps.hasEvidence, !steps.isStopping, let owed = scorers[node]?.comparing.takeOwed(), !owed.isEmpty
            else { return [] }
            // A look whose scores come at once may call for the next, or for a headline.
            scorers[node]?.steps.insert(ScoreSteps.afterComparisons)
            return open(owed, at: node)
        case .scoreAgain(let asked):
            return scores(asked, at: node)
        case .report(let explanations):
            return scores(explanations.map { ScoreRequest($0) }, at: node)
        case .controls:
            guard !steps.isStopping else { return [] }
            return scores(scorers[node]?.controls() ?? [], at: node)
        case .coverage:
            return scorers[node].map { [.note($0.coverage)] } ?? []
        case .adopt:
            scorers[node]?.steps.hasEvidence = true
            return [.adopt]
        case .take(let explanations):
            take(explanations, at: node)
        case .compare(let comparisons):
            return open(comparisons, at: node)
        case .passOn(let jobs):
            return jobs.isEmpty ? [] : [.passOn(jobs)]
        case .resolve(let resolution):
            for settled in resolution.settled { scorers[node]?.note(PlannedScore(settled)) }
            return scores(resolution.ask.map { ScoreRequest($0) }, at: node)
                + (resolution.settled.isEmpty ? [] : [.settle(resolution.settled)])
        case .rescore(let epoch, let explainer):
            let explaining = explainers[explainer]
            let outlook = scorers[node]?.outlook(on: epoch, of: explainer) { explaining?.turn(of: $0) ?? .now }
            return outlook.map { [.look($0)] } ?? []
        case .rescoreDeferred(let explainer):
            let explaining = explainers
            let outlook = scorers[node]?.deferredOutlook(of: explainer) { explaining[$0.node]?.turn(of: $0) ?? .now }
            return outlook.map { [.look($0)] } ?? []
        case .rescoreReleased:
            guard steps.hasEvidence, !steps.isStopping else { return [] }
            let stands = stands
            return scorers[node]?.releasedOutlook(stands).map { [.look($0)] } ?? []
        case .endGate:
            // After a stop the nodes before this one may have scored nothing: what waits comes again at the next start.
            guard !steps.isStopping, let resolution = scorers[node]?.gate?.end() else { return [] }
            scorers[node]?.steps.insert([.resolve(resolution)])
        }
        return []
    }

    private mutating func take(_ explanations: [Explanation], at node: String) {
        let (comparisons, others) = parted(explanations)
        let accepted = others.filter { scorers[node]?.accepts($0) ?? false }
        let fresh = scorers[node]?.take(accepted) ?? []
        // By what an earlier process has decided.
        for explanation in accepted where wasCompared(explanation) { scorers[node]?.report(explanation) }
        // What challenges another is considered once it stands.
        let challengers = Set(comparisons.map(\.challenger.job))
        let considered = explanations.map(\.job).filter { !challengers.contains($0) }
        let resolution = gated(fresh, at: node)
        scorers[node]?.steps.insert(
            [.followReplacements, .resolve(resolution), .compare(comparisons)] + ScoreSteps.afterComparisons
                + [.passOn(considered)])
    }

    /// Has what has replaced another scored, and what has stood a comparison scored on the windows that decided nothing.
    private mutating func follow(at node: String) {
        guard let (all, fresh) = scorers[node]?.follow() else { return }
        let resolution = gated(fresh, at: node)
        let stands = stands
        let owed = scorers[node]?.takeUnreported(stands) ?? []
        scorers[node]?.steps.insert([.resolve(resolution), .report(owed), .passOn(all.map(\.job))])
    }

    /// Whether an explanation stands now, to be asked while a score node changes.
    private var stands: (Explanation) -> Bool { { [explainers] in explainers[$0.node]?.stands($0) ?? false } }

    /// What is to be asked about of explanations that are new to a node; once nothing more comes, that is all of them.
    private mutating func gated(_ fresh: [Explanation], at node: String) -> CascadeGate.Resolution {
        guard scorers[node]?.steps.isEnded == false else { return CascadeGate.Resolution(ask: fresh) }
        return scorers[node]?.gate?.take(fresh) ?? CascadeGate.Resolution(ask: fresh)
    }

    /// Explanations that challenge another, with those, and the rest.
    private func parted(_ explanations: [Explanation]) -> (comparisons: [Comparison], others: [Explanation]) {
        var comparisons: [Comparison] = []
        var others: [Explanation] = []
        for explanation in explanations {
            if explanation.provenance.again == nil {
                others.append(explanation)
            } else if let comparison = explainers[explanation.node]?.comparison(of: explanation) {
                comparisons.append(comparison)
            } else if explainers[explanation.node]?.stands(explanation) ?? true {
                others.append(explanation)
            }
        }
        return (comparisons, others)
    }

    private mutating func note(_ score: Score, at node: String) -> Choice? {
        guard let (vote, drift) = scorers[node]?.votes.note(score) else { return nil }
        if let drift { note(drift) }
        return vote.flatMap { report($0) }
    }

    private mutating func note(_ drift: Drift) {
        explainers[drift.explainedBy]?.noteDrift(
            of: drift.explanation, latent: drift.latent, hasDrifted: drift.hasDrifted)
    }

    /// Has explanations scored; one that was compared with another, on the windows that decided nothing.
    func scores(_ requests: [ScoreRequest], at node: String) -> [ScoreAction] {
        let partsWindows = scorers[node]?.partsWindows ?? false
        let parted = requests.map { request in
            guard partsWindows, request.control == nil, request.challenger == nil, wasCompared(request.explanation)
            else { return request }
            var request = request
            request.part = .reporting
            return request
        }
        return parted.isEmpty ? [] : [.score(parted)]
    }

    func wasCompared(_ explanation: Explanation) -> Bool {
        incumbents(of: explanation.node)?.wasCompared(explanation.job) ?? false
    }

    func choices(_ choices: [Choice]) -> [ScoreAction] { choices.isEmpty ? [] : [.record(choices)] }
}

extension PlannedScore {
    fileprivate init(_ settled: CascadeGate.Settled) {
        self.init(
            explanation: settled.explanation.job, explainedBy: settled.explanation.node,
            latent: settled.explanation.latent, control: nil, round: nil)
    }
}
