public import Elements
public import Hashing
import Statistics

/// All that is needed to have texts written for one explanation and read by the subject, now or after a restart.
public struct GenerationPlan: SubjectPlan, Hashable {
    /// The job's name.
    public let job: JobID
    /// The explanation that is scored, and the model that writes.
    public let subject: PlanSubject
    /// The settings.
    public let settings: GenerationSettings
    /// The digest of what reads.
    public let reader: Hash128
    /// The activation that a strong response lies above.
    public let strong: Float

    /// Plans a score; throws `ScoringError` of kind `tooFewExamples` if the latent fires in no held-out window.
    package init(
        subject: PlanSubject, evidence: GenerationEvidence, settings: GenerationSettings
    ) throws(ScoringError) {
        let peaks = Quantiles(evidence.heldOut.positives.map { Double($0.peak) })
        guard let strong = peaks[settings.strength] else {
            throw ScoringError(
                .tooFewExamples,
                "latent \(subject.latent) fires in no held-out window, so it is not known what a strong response of it is"
            )
        }
        self.subject = subject
        self.settings = settings
        reader = evidence.reader
        self.strong = Float(strong)
        var named = settings.named
        named["reader"] = "\(evidence.reader)"
        named["strong"] = "\(self.strong)"
        job = subject.job(
            method: GenerationScorer.name, version: WritingPrompt.version, windows: [], settings: named)
    }
}

/// What a plan of generation is made from.
package struct GenerationEvidence: Sendable {
    /// The windows that say how strongly the latent usually fires.
    package let heldOut: HeldOutSet
    /// The digest of what reads.
    package let reader: Hash128

    /// Brings evidence together.
    package init(heldOut: HeldOutSet, reader: Hash128) {
        self.heldOut = heldOut
        self.reader = reader
    }
}
