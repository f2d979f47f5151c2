import Foundation
import Statistics

/// The clusters of weight among a latent's windows, if they are told from chance.
struct MeaningClusters: Sendable, Hashable {
    struct Cluster: Sendable, Hashable {
        /// The windows, ascending.
        let members: [Int]
        /// Their share of the mass of all windows.
        let weight: Double
    }

    /// The clusters, the heaviest first (of equals the one with the lowest window); empty if there are fewer than two.
    let clusters: [Cluster]
    /// The mean over mass of how much more alike a window is to its own cluster than to the nearest other; `nil` if there are fewer
    /// than two.
    ///
    /// What is in no cluster counts 0.
    let separation: Double?

    /// The effective number of clusters: e to the power of the entropy of their weights; 1 for fewer than two.
    var meanings: Double {
        let total = clusters.reduce(0) { $0 + $1.weight }
        guard clusters.count > 1, total > 0 else { return 1 }
        return exp(-clusters.map { $0.weight / total }.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) })
    }

    /// Clusters windows of `masses`; they are one unless the clusters stand further apart than `settings.separation` and than
    /// those of every shuffling.
    init(_ features: WindowFeatures, masses: [Double], settings: SeveralSettings, seed: UInt64) {
        let found = Level.best(of: features.likeness, masses: masses, settings: settings)
        var generator = SeededGenerator(seed: seed)
        guard let found, found.separation >= settings.separation,
            (0..<settings.shuffles).allSatisfy({ _ in
                let shuffled = features.shuffled(&generator).likeness
                let chance = Level.best(of: shuffled, masses: masses, settings: settings)
                return chance.map { $0.separation < found.separation } ?? true
            })
        else {
            clusters = []
            separation = nil
            return
        }
        let total = masses.reduce(0, +)
        clusters = found.clusters.map { members in
            Cluster(members: members, weight: members.reduce(0) { $0 + masses[$1] } / total)
        }.sorted { ($1.weight, $0.members[0]) < ($0.weight, $1.members[0]) }
        separation = found.separation
    }
}

/// One state of the clustering: the clusters of weight in it, and how far apart they stand.
struct Level: Sendable {
    let clusters: [[Int]]
    let separation: Double

    /// The level at which at least two clusters of weight stand furthest apart, of equals the one with the fewest clusters; `nil`
    /// if there never are two.
    static func best(of likeness: LikenessMatrix, masses: [Double], settings: SeveralSettings) -> Level? {
        let total = masses.reduce(0, +)
        guard total > 0, likeness.count >= 2 * settings.fewest else { return nil }
        var members = (0..<likeness.count).map { [$0] }
        var weights = masses
        func isOfWeight(_ cluster: Int) -> Bool {
            members[cluster].count >= max(settings.fewest, 1) && weights[cluster] >= settings.share * total
        }
        var best: Level?
        for joining in AverageLinkage(likeness).joinings {
            members[joining.first] += members[joining.second]
            weights[joining.first] += weights[joining.second]
            members[joining.second] = []
            weights[joining.second] = 0
            guard isOfWeight(joining.first) else { continue }
            let clusters = members.indices.filter(isOfWeight).map { members[$0].sorted() }
            guard clusters.count > 1 else { continue }
            let separation = separation(of: clusters, likeness, masses) / total
            if separation >= best?.separation ?? -.infinity { best = Level(clusters: clusters, separation: separation) }
        }
        return best
    }

    /// The sum over windows in clusters of mass times how much more alike each is to its own cluster than to the nearest other.
    static func separation(of clusters: [[Int]], _ likeness: LikenessMatrix, _ masses: [Double]) -> Double {
        var sum = 0.0
        for (own, members) in clusters.enumerated() {
            for window in members {
                let nearest = clusters.indices.filter { $0 != own }.map { likeness.mean(window, to: clusters[$0]) }
                    .max()
                sum += masses[window] * (likeness.mean(window, to: members) - (nearest ?? 0))
            }
        }
        return sum
    }
}
