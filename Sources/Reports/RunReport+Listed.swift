import Elements

extension RunReport {
    /// The latents that a table lists which names the `best` best and worst of each method, by the name of the encode node.
    public func listed(best: Int) -> [String: Set<Int>] {
        var latents: [String: Set<Int>] = [:]
        for score in summaries.flatMap({ $0.scores.prefix(best) + $0.scores.dropFirst(best).suffix(best) }) {
            latents[score.coder.name, default: []].insert(score.latent)
        }
        return latents
    }
}
