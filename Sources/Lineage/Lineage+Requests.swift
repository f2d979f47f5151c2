package import Elements

// What persons ask for.
extension Lineage {
    /// Has latents explained, whatever the evidence calls for; one that is asked for twice once.
    mutating func explanations(_ asked: [AskedExplanation], at node: String) -> [ExplainAction] {
        var requests: [ExplainRequest] = []
        var dismissed: [RequestID] = []
        var latents: Set<Int> = []
        for one in asked {
            if !latents.contains(one.latent),
                let request = explainers[node]?.asked(latent: one.latent, request: one.request)
            {
                latents.insert(one.latent)
                requests.append(request)
            } else {
                dismissed.append(one.request)
            }
        }
        return (dismissed.isEmpty ? [] : [.dismiss(dismissed)]) + (requests.isEmpty ? [] : [.explain(requests)])
    }

    /// Pins an explanation; without any action if it does not stand.
    mutating func pin(_ job: JobID, ofLatent latent: Int, at node: String) -> [ExplainAction] {
        guard let (stands, decision) = explainers[node]?.pin(job, ofLatent: latent), stands else { return [] }
        guard let decision else { return [.pin(job, choosing: [])] }
        changes += 1
        return [.pin(job, choosing: [choice(of: decision)])]
    }

    /// Has what stands scored anew; what is being compared, and what the node does not score, is passed over.
    mutating func scores(_ asked: [AskedScore], at node: String) -> [ScoreAction] {
        var requests: [ScoreRequest] = []
        var dismissed: [RequestID] = []
        var scored: Set<JobID> = []
        for one in asked where one.node == node {
            // The choice calls for a score of its own.
            let isCompared = explainers[one.explainedBy]?.comparison(ofLatent: one.latent) != nil
            let standing = isCompared ? [] : scorers[node]?.asked(one) ?? []
            let fresh = standing.filter { scored.insert($0.job).inserted }
            if fresh.isEmpty { dismissed.append(one.request) }
            for explanation in fresh {
                var request = ScoreRequest(explanation)
                request.request = one.request
                requests.append(request)
            }
        }
        return (dismissed.isEmpty ? [] : [.dismiss(dismissed)]) + scores(requests, at: node)
    }

    /// Whether a node has made the explanation of a job, whatever has become of it.
    package func hasMade(_ job: JobID, by explainer: String) -> Bool { incumbents(of: explainer)?[job] != nil }

    /// The explanation of a latent by a node that stands; `nil` without any.
    package func incumbent(of latent: Int, by explainer: String) -> Explanation? {
        explainers[explainer]?.lines[latent]?.incumbent
    }
}
