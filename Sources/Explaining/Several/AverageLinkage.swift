/// Which windows go together, from each by itself to all in one cluster: the two clusters whose windows are most alike on
/// average are joined next, of equals those with the lowest windows.
///
/// Source: R. R. Sokal and C. D. Michener, "A statistical method for evaluating systematic relationships" (1958); the means
/// are kept up by G. N. Lance and W. T. Williams' formula (1967).
struct AverageLinkage: Sendable {
    /// Two clusters that are joined, each named by its lowest window, and the mean likeness between their windows.
    struct Joining: Sendable, Hashable {
        let first: Int
        let second: Int
        let likeness: Double
    }

    /// The joinings in order, one fewer than windows; `first` is below `second`, and names the two from then on.
    private(set) var joinings: [Joining] = []

    private var likeness: LikenessMatrix
    private var isActive: [Bool]
    private var sizes: [Double]
    /// `[windows]`: the active cluster above most like it; `nil` for none.
    private var best: [Int?]

    init(_ likeness: LikenessMatrix) {
        self.likeness = likeness
        isActive = [Bool](repeating: true, count: likeness.count)
        sizes = [Double](repeating: 1, count: likeness.count)
        best = [Int?](repeating: nil, count: likeness.count)
        for cluster in 0..<likeness.count { best[cluster] = mostLike(cluster) }
        while let next { join(next.first, next.second) }
    }

    private var next: (first: Int, second: Int)? {
        var found: (first: Int, second: Int)?
        for first in 0..<likeness.count where isActive[first] {
            guard let second = best[first] else { continue }
            if found.map({ likeness[first, second] > likeness[$0.first, $0.second] }) ?? true {
                found = (first, second)
            }
        }
        return found
    }

    private func mostLike(_ cluster: Int) -> Int? {
        var found: Int?
        for other in (cluster + 1)..<max(likeness.count, cluster + 1) where isActive[other] {
            if found.map({ likeness[cluster, other] > likeness[cluster, $0] }) ?? true { found = other }
        }
        return found
    }

    private mutating func join(_ first: Int, _ second: Int) {
        joinings.append(Joining(first: first, second: second, likeness: likeness[first, second]))
        isActive[second] = false
        let (a, b) = (sizes[first], sizes[second])
        sizes[first] = a + b
        for other in 0..<likeness.count where isActive[other] && other != first {
            likeness[first, other] = (a * likeness[first, other] + b * likeness[second, other]) / (a + b)
        }
        for cluster in 0..<second where isActive[cluster] {
            if cluster == first || best[cluster] == first || best[cluster] == second {
                best[cluster] = mostLike(cluster)
            } else if cluster < first, let other = best[cluster] {
                let (new, old) = (likeness[cluster, first], likeness[cluster, other])
                if new > old || new == old && first < other { best[cluster] = first }
            }
        }
    }
}
