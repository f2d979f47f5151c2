import Elements

extension RunReport {
    /// The latents that a table lists which names the `best` best and worst of each method, by the name of the encode node.
    public func listed(best: Int) -> [String: Set<Int>] {
        var latents: [String: Set<Int>] = [:]
        for score in summaries.flatMap({ $0.best(best) + $0.worst(best) }) {
            latents[score.coder.name, default: []].insert(score.latent)
        }
        return latents
    }
}
