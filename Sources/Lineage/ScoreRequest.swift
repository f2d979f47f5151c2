package import Elements

/// A score that is wanted: of one explanation, on the windows of one latent.
package struct ScoreRequest: Sendable, Hashable {
    /// The explanation.
    package let explanation: Explanation
    /// The one that decides on whose windows it is scored and what of them is held out.
    package let own: Explanation
    /// The name of the control that this is; `nil` for a score of the latent's own explanation.
    package let control: String?
    /// The job of the challenger, if the score is one of two that are to be compared.
    package let challenger: JobID?
    /// Which look at that comparison it is, from 1 on.
    package let look: Int
    /// Explanations that are scored on the same windows.
    package let besides: [Explanation]
    /// Which of the held-out windows are scored.
    package var part: WindowPart
    /// The evidence that the score will rest on; `nil` for a control, and until that has been looked at.
    package var round: ScoringRound?
    /// The request of a person that it comes of; `nil` if something else calls for it.
    package var request: RequestID?

    /// A request for a score of an explanation on its latent's windows.
    package init(_ explanation: Explanation) {
        self.init(explanation, own: explanation)
    }

    init(
        _ explanation: Explanation, own: Explanation, control: String? = nil, challenger: JobID? = nil,
        look: Int = 1, besides: [Explanation] = []
    ) {
        self.explanation = explanation
        self.own = own
        self.control = control
        self.challenger = challenger
        self.look = look
        self.besides = besides
        part = challenger == nil ? .all : .deciding(look: look)
    }

    /// The two scores of a comparison.
    static func pair(_ comparison: Comparison) -> [ScoreRequest] {
        let both = [comparison.incumbent, comparison.challenger]
        return both.map {
            ScoreRequest(
                $0, own: $0, challenger: comparison.challenger.job, look: comparison.look, besides: both)
        }
    }

    /// The request on what its latent's evidence is now; heavy work.
    package func founded(on update: EvidenceUpdate) -> ScoreRequest {
        guard control == nil else { return self }
        var request = self
        request.round = ScoringRound(
            of: update.view.evidence(of: explanation.latent), epoch: update.epoch, contest: challenger,
            look: look, isReporting: part == .reporting)
        return request
    }
}

/// A score that is there or planned.
package struct PlannedScore: Sendable, Hashable {
    package let explanation: JobID
    package let explainedBy: String
    package let latent: Int
    package let control: String?
    package let round: ScoringRound?

    package init(explanation: JobID, explainedBy: String, latent: Int, control: String?, round: ScoringRound?) {
        self.explanation = explanation
        self.explainedBy = explainedBy
        self.latent = latent
        self.control = control
        self.round = round
    }

    package init(_ score: Score) {
        self.init(
            explanation: score.explanation, explainedBy: score.explainedBy, latent: score.latent,
            control: score.control, round: score.round)
    }
}
