package import Elements

/// What happens at an explain node.
package enum ExplainEvent: Sendable {
    /// Newer evidence has come.
    case evidence
    /// The evidence has been looked at.
    case looked(ExplainOutlook.Findings)
    /// Latents are being explained, or have been by an earlier process.
    case begun(Set<Int>)
    /// Latents are being explained again.
    case asked([Int])
    /// Explaining a latent again gave nothing.
    case foundNothing(latent: Int, basis: EvidenceBasis)
    /// Explanations have been made; they are not on disk yet.
    case explained([Explanation])
    /// Somebody asks for explanations of latents.
    case requested([AskedExplanation])
    /// Somebody asks that an explanation stands whatever scores better.
    case pinned(JobID, latent: Int)
    /// Somebody asks that what stands of a latent may be replaced again.
    case unpinned(latent: Int)
}

/// An explanation that somebody asks for.
package struct AskedExplanation: Sendable, Hashable {
    package let request: RequestID
    package let latent: Int

    package init(request: RequestID, latent: Int) {
        self.request = request
        self.latent = latent
    }
}

/// What an explain node is to do.
package enum ExplainAction: Sendable {
    /// Look at the evidence and tell of it.
    case look(ExplainOutlook)
    /// Explain latents.
    case explain([ExplainRequest])
    /// Write explanations down with what could be chosen at once, in one transaction.
    case record([Explanation], choosing: [Choice])
    /// Give explanations to the score nodes.
    case passOn([Explanation])
    /// Note requests as done that nothing comes of.
    case dismiss([RequestID])
    /// Note that an explanation is pinned, with the choice that ends a comparison.
    case pin(JobID, choosing: [Choice])
}

/// What happens at a score node.
package enum ScoreEvent: Sendable {
    /// An earlier process has left a planned score unfinished.
    case resumed(PlannedScore)
    /// Explanations have come, with the evidence to score them on.
    case explanations([Explanation], epoch: UInt64)
    /// Newer evidence of an explain node has come.
    case evidence(epoch: UInt64, by: String)
    /// Somebody asks for scores of what stands.
    case asked([AskedScore])
    /// All explanations that an explain node makes of an epoch's evidence have come.
    case settled(epoch: UInt64, by: String)
    /// Cheaper nodes have scored.
    case cheaper([Score])
    /// A cheaper node is through with explanations, whether or not it scored them.
    case considered([JobID], by: String)
    /// Nothing more comes from other nodes.
    case ended
    /// Comparisons may have called for something.
    case woken
    /// What the latest actions asked for has been carried out.
    case done
    /// The evidence has been looked at.
    case looked(RescoreOutlook.Findings)
    /// Scores have been worked on together; some may have come of it or been planned.
    case worked([ScoreRequest], [PlannedScore])
    /// What came of it is on disk or planned, and nothing more comes of it.
    case finished([ScoreRequest], [PlannedScore])
    /// Scores are on disk.
    case recorded([Score])
    /// A planned score has failed for good.
    case failed(PlannedScore)
    /// What was planned in these rounds is left to a later process.
    case left([ScoringRound])
    /// The process is stopping.
    case stopping
    /// The node takes no more steps.
    case closed
}

/// What a score node is to do.
package enum ScoreAction: Sendable {
    /// Turn to the evidence that came last.
    case adopt
    /// Have explanations scored on the evidence.
    case score([ScoreRequest])
    /// Write down what cheaper scores have settled.
    case settle([CascadeGate.Settled])
    /// Write choices down.
    case record([Choice])
    /// Look at the evidence and tell of it.
    case look(RescoreOutlook)
    /// Tell the readers that the node is through with explanations.
    case passOn([JobID])
    /// Write down which latents had to be left out.
    case note(ScoreCoverage)
    /// Note requests as done that nothing comes of.
    case dismiss([RequestID])
}
