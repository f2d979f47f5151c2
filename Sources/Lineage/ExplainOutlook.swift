package import Elements

/// What an explain node may have to explain, before the evidence has been looked at, which takes time.
package struct ExplainOutlook: Sendable, Hashable {
    /// A latent that may be explained again.
    package struct Candidate: Sendable, Hashable {
        package let latent: Int
        /// The job of what stands.
        package let incumbent: JobID
        package let past: ReexplanationRule.Past
    }

    /// What evidence calls for.
    package struct Findings: Sendable {
        /// First the latents without an explanation, in the order given, then those to be explained again, by latent.
        package var requests: [ExplainRequest] = []
        /// By latent: the windows fired in, if its peaks were looked at.
        package var looked: [Int: UInt64] = [:]

        /// Makes findings of nothing.
        package init() {}
    }

    /// Peaks are looked at again once a latent has fired in a quarter more windows.
    private static let growth = (numerator: UInt64(5), denominator: UInt64(4))

    let rule: ReexplanationRule
    let known: Set<Int>
    package let candidates: [Candidate]
    let looked: [Int: UInt64]

    /// Looks at the evidence; heavy work.
    ///
    /// - Parameters:
    ///   - view: The evidence.
    ///   - latents: Those that the node explains.
    ///   - minimumExamples: The windows that a latent must have fired in before it is explained.
    ///   - limit: The most latents that are explained at all, those of the largest firing mass; `nil` for all. Those that
    ///     have been begun stay: with evidence their set only grows, up to the limit.
    package func findings(
        on view: any EvidenceView, latents: [Int], minimumExamples: Int, limit: Int? = nil
    ) -> Findings {
        var findings = Findings()
        var fresh = latents.filter { latent in
            !known.contains(latent) && view.windowsFired(of: latent) >= UInt64(max(minimumExamples, 0))
        }
        if let limit {
            let ranked = JobPriority().sorted(fresh, latent: { $0 }, worth: { view.statistics(of: $0).sum })
            fresh = ranked.prefix(max(limit - known.count, 0)).sorted()
        }
        findings.requests = fresh.map { ExplainRequest(latent: $0) }
        guard rule.isActive else { return findings }
        for candidate in candidates {
            let latent = candidate.latent
            let fired = view.windowsFired(of: latent)
            let reason = rule.reason(candidate.past, windowsFired: fired) {
                let (scaled, overflow) = (looked[latent] ?? 0).multipliedReportingOverflow(by: Self.growth.numerator)
                guard !overflow, fired >= scaled / Self.growth.denominator else { return [] }
                findings.looked[latent] = fired
                return view.trainPeaks(of: latent)
            }
            guard let reason else { continue }
            findings.requests.append(
                ExplainRequest(latent: latent, again: ExplainedAgain(standing: candidate.incumbent, reason: reason)))
        }
        return findings
    }
}

/// A latent that is to be explained, and what that will challenge.
package struct ExplainRequest: Sendable, Hashable {
    /// The latent.
    package let latent: Int
    /// What its explanation will challenge; `nil` for its first.
    package let again: ExplainedAgain?
    /// The request of a person that it comes of; `nil` if evidence calls for it.
    package let request: RequestID?

    package init(latent: Int, again: ExplainedAgain? = nil, request: RequestID? = nil) {
        self.latent = latent
        self.again = again
        self.request = request
    }
}
