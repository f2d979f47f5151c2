import Elements
import Explaining

/// Finds the latents of an explain node that are to be explained again.
struct AgainWatch {
    private let succession: Succession
    /// By latent: the windows it had fired in when its peaks were last looked at, which takes time.
    private var looked: [Int: UInt64] = [:]

    /// Peaks are looked at again once a latent has fired in a quarter more windows.
    private static let growth = (numerator: UInt64(5), denominator: UInt64(4))

    init(_ succession: Succession) { self.succession = succession }

    /// The latents with what their next explanation challenges, by latent; heavy work.
    mutating func due(on view: any EvidenceView) -> [(latent: Int, again: ExplainedAgain)] {
        guard succession.rule.isActive else { return [] }
        let candidates = succession.with { $0.candidates }
        return candidates.compactMap { candidate in
            let fired = view.statistics(of: candidate.latent).windowsFired
            let reason = succession.rule.reason(candidate.past, windowsFired: fired) {
                let last = looked[candidate.latent] ?? 0
                let (scaled, overflow) = last.multipliedReportingOverflow(by: Self.growth.numerator)
                guard !overflow, fired >= scaled / Self.growth.denominator else { return [] }
                looked[candidate.latent] = fired
                return view.evidence(of: candidate.latent).train.map(\.peak)
            }
            return reason.map { (candidate.latent, ExplainedAgain(standing: candidate.standing, reason: $0)) }
        }
    }
}

extension Explanation {
    /// The explanation with what it rests on and what it challenges.
    func founded(on basis: EvidenceBasis?, again: ExplainedAgain?) -> Explanation {
        var explanation = self
        explanation.provenance.basis = basis
        explanation.provenance.again = again
        return explanation
    }
}
