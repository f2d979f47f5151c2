import Elements

// Comparisons of an explanation that stands with one that challenges it.
extension Lineage {
    /// Has the comparisons scored that are still to be; the node votes at once if it has no more to find out.
    ///
    /// What it scored before a restart counts; it abstains if it does not take an explanation.
    mutating func open(_ comparisons: [Comparison], at node: String) -> [ScoreAction] {
        var requests: [ScoreRequest] = []
        var choices: [Choice] = []
        for comparison in comparisons {
            let challenger = comparison.challenger
            // A pin may have ended a comparison of which a look was owed.
            guard let scorer = scorers[node],
                explainers[challenger.node]?.comparison(of: challenger)?.look == comparison.look
            else { continue }
            // What was planned by an earlier process may have come to a vote before the look was due.
            if let vote = scorer.votes.vote(on: challenger, look: comparison.look) {
                if let choice = report(vote) { choices.append(choice) }
            } else if scorer.comparing.hasPlanned(comparison), !scorer.comparing.hasAbstained(comparison) {
                continue
            } else if scorer.compares(comparison), !scorer.comparing.hasAbstained(comparison) {
                scorers[node]?.comparing.plan(comparison)
                requests += ScoreRequest.pair(comparison)
            } else if let choice = abstain(from: challenger, look: comparison.look, at: node) {
                choices.append(choice)
            }
        }
        return self.choices(choices) + scores(requests, at: node)
    }

    /// The choices that come of abstaining from comparisons of which not both explanations could be scored.
    mutating func abstentions(
        from requests: [ScoreRequest], _ scores: [PlannedScore], at node: String
    ) -> [Choice] {
        guard !(scorers[node]?.steps.isStopping ?? true) else { return [] }
        let counts = scores.compactMap(\.round?.contest).reduce(into: [JobID: Int]()) { $0[$1, default: 0] += 1 }
        return requests.compactMap { request -> Choice? in
            guard let challenger = request.challenger, challenger == request.explanation.job,
                counts[challenger] ?? 0 < 2
            else { return nil }
            return abstain(from: request.explanation, look: request.look, at: node)
        }
    }

    private mutating func abstain(from challenger: Explanation, look: Int, at node: String) -> Choice? {
        abstain(
            from: challenger.job, explainedBy: challenger.node, of: challenger.latent,
            epoch: challenger.provenance.epoch, look: look, at: node)
    }

    mutating func abstain(
        from challenger: JobID, explainedBy explainer: String, of latent: Int, epoch: UInt64, look: Int,
        at node: String
    ) -> Choice? {
        report(
            Vote(
                explainedBy: explainer, latent: latent, challenger: challenger, epoch: epoch,
                scores: PairedScore(node: node, standing: nil, challenger: nil, look: look)))
    }

    mutating func report(_ vote: Vote) -> Choice? {
        changes += 1
        let look = explainers[vote.explainedBy]?.comparison(ofLatent: vote.latent)?.look
        if let decision = explainers[vote.explainedBy]?.report(vote) { return choice(of: decision) }
        // The look is over and has not decided: every node that has a say looks again, when its turn comes.
        if let comparison = explainers[vote.explainedBy]?.comparison(ofLatent: vote.latent),
            comparison.look != look
        {
            for scorer in explainers[vote.explainedBy]?.readers(of: vote.latent) ?? [] {
                scorers[scorer]?.comparing.owe(comparison)
            }
        }
        return nil
    }

    /// Notes that scores were worked on.
    mutating func note(_ requests: [ScoreRequest], workedTo scores: [PlannedScore], at node: String) {
        scorers[node]?.attempt(requests)
        for score in scores { scorers[node]?.note(score) }
        // Votes on what an earlier process had planned may have decided meanwhile: then the windows that decided are
        // among those that were scored, and a headline from the others is owed.
        for request in requests
        where request.part == .all && request.control == nil && wasCompared(request.explanation) {
            scorers[node]?.report(request.explanation)
        }
    }

    /// Tells the score nodes of a decision: each owes a headline of what stands by it.
    mutating func choice(of decision: Decision) -> Choice {
        let choice = decision.choice
        for scorer in explainers[choice.node]?.readers ?? [] {
            scorers[scorer]?.votes.forget(choice.challenger)
            if let replacement = decision.replacement {
                scorers[scorer]?.replace(replacement)
            } else if let standing = explainers[choice.node]?.lines[choice.latent]?.incumbent {
                if wasCompared(standing) { scorers[scorer]?.report(standing) }
                scorers[scorer]?.release(standing)
            }
        }
        return choice
    }
}
