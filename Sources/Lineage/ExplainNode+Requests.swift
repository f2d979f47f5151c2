import Elements

// What persons ask for.
extension ExplainNode {
    /// Has the explanation of a job stand whatever scores better, which ends the comparison that is open about it.
    ///
    /// - Returns: Whether the explanation stands, without which nothing is pinned, and the choice that ends the comparison.
    mutating func pin(_ job: JobID, ofLatent latent: Int) -> (stands: Bool, decision: Decision?) {
        guard let line = lines[latent], line.incumbent.job == job else { return (false, nil) }
        lines[latent]?.isPinned = true
        guard let challenger = line.challenger, let again = challenger.provenance.again else { return (true, nil) }
        endComparison(ofLatent: latent)
        let epoch = max(line.epoch, challenger.provenance.epoch)
        return (true, decision(challenger, again, .kept, votes: line.found, epoch: epoch))
    }

    /// Has the explanation of a latent stand only as long as none is better.
    mutating func unpin(latent: Int) { lines[latent]?.isPinned = false }

    /// How a latent is explained that somebody asks for.
    ///
    /// - Returns: `nil` if it cannot be now: it is being explained or compared, what stands is pinned, or no score node could
    ///   compare it with another.
    func asked(latent: Int, request: RequestID) -> ExplainRequest? {
        guard let line = lines[latent] else {
            // Two first explanations would both stand.
            return known.contains(latent) ? nil : ExplainRequest(latent: latent, request: request)
        }
        guard line.mayBeAsked, !readers(of: latent).isEmpty else { return nil }
        return ExplainRequest(
            latent: latent, again: ExplainedAgain(standing: line.incumbent.job, reason: .asked), request: request)
    }
}
