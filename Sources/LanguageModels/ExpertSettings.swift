internal import Glibc

/// How a mixture of experts takes the place of a feed-forward layer: each token is answered by a few of many small ones.
///
/// Source: Shazeer et al., arXiv 1701.06538.
struct ExpertSettings: Sendable, Hashable {
    /// The number of experts of a block.
    let count: Int
    /// The number that answers a token: those with the highest scores.
    let chosen: Int
    /// The number of values between the two products of an expert.
    let width: Int
    /// Whether the weights of the chosen are scaled to a sum of 1; else they are their shares among all.
    let isNormalised: Bool

    /// The chosen experts and the weights of their answers, by the scores of all, `[count]`, in the order of the experts.
    ///
    /// Of equal scores the first expert's counts as higher.
    func choice(_ scores: UnsafeBufferPointer<Float>) -> [(expert: Int, weight: Float)] {
        var isChosen = [Bool](repeating: false, count: scores.count)
        for _ in 0..<min(chosen, scores.count) {
            var best: Int?
            for (index, score) in scores.enumerated() where !isChosen[index] {
                if let highest = best, !(score > scores[highest]) { continue }
                best = index
            }
            if let best { isChosen[best] = true }
        }
        let highest = Double(scores.max() ?? 0)
        func size(_ index: Int) -> Double { exp(Double(scores[index]) - highest) }
        let sum = scores.indices.reduce(0) { isNormalised && !isChosen[$1] ? $0 : $0 + size($1) }
        return scores.indices.filter { isChosen[$0] }.map { ($0, Float(size($0) / sum)) }
    }
}
