import Elements
import Examples
import Hashing

/// A latent's train windows by meaning.
struct LatentMeanings: Sendable {
    /// The windows that were clustered: the uniform sample, of which each window stands for as many others.
    let windows: [Example]
    /// The clusters of weight that parts are made of, the heaviest first; fewer than two for a latent of one meaning.
    let members: [[Example]]
    /// The number of meanings, and a part without a text for each of `members`.
    let parts: ExplanationParts

    /// The most tokens kept of a half of a part.
    private static let keptTokens = 24
    /// The share of the mean likeness between a part's own windows from which on a further one belongs to it.
    private static let reached = 0.5

    init(
        of evidence: LatentEvidence, rarity: TokenRarity, settings: SeveralSettings, seed: UInt64,
        tokenDecoder: any TokenDecoder
    ) {
        let windows = Array(evidence.train.prefix(settings.windows))
        let tokens = windows.map { TellingTokens(of: $0, tokenDecoder: tokenDecoder) }
        let masses = windows.map { $0.activations.reduce(0) { $0 + Double(max($1, 0)) } }
        let features = WindowFeatures(of: tokens, rarity: rarity)
        let found = MeaningClusters(
            features, masses: masses, settings: settings, seed: Self.seed(of: evidence.latent, seed))
        let most = min(max(settings.maximumParts, 1), LexicalPredicate.maximumAlternatives)
        let taken = Array(found.clusters.prefix(most))
        self.windows = windows
        members = taken.map { $0.members.map { windows[$0] } }
        guard taken.count > 1 else {
            self.parts = ExplanationParts(
                meanings: found.meanings, clusters: max(found.clusters.count, 1), separation: found.separation,
                rest: 0, parts: [], tokens: [])
            return
        }
        let kept =
            Self.tokens(of: features.fired, isFired: true, taken)
            + Self.tokens(of: features.near, isFired: false, taken)
        self.parts = ExplanationParts(
            meanings: found.meanings, clusters: found.clusters.count, separation: found.separation,
            rest: max(0, 1 - taken.reduce(0) { $0 + $1.weight }),
            parts: taken.enumerated().map { part, cluster in
                let own = cluster.members.map { window in
                    Self.likeness(of: tokens[window], window, toOthersOf: part, cluster, kept, features)
                }
                return ExplanationPart(
                    text: "", predicate: nil, weight: cluster.weight, windows: cluster.members.count,
                    reach: Self.reached * own.reduce(0, +) / Double(own.count))
            }, tokens: kept)
    }

    /// The likeness of a part's window to its other windows: with itself among them it would be nearer than any further window.
    private static func likeness(
        of window: TellingTokens, _ number: Int, toOthersOf part: Int, _ cluster: MeaningClusters.Cluster,
        _ kept: [PartToken], _ features: WindowFeatures
    ) -> Double {
        let count = Double(cluster.members.count)
        let (fired, near) = (features.fired.length(of: number), features.near.length(of: number))
        let others = kept.map { token in
            let value =
                token.isFired ? window.fired[token.text] ?? 0 : window.near.contains(token.text) ? token.rarity : 0
            let own = value > 0 ? TellingTokens.share * value / (token.isFired ? fired : near) : 0
            return PartToken(
                text: token.text, isFired: token.isFired, rarity: token.rarity,
                values: [max(0, (count * token.values[part] - own) / max(count - 1, 1))])
        }
        let alone = ExplanationPart(text: "", predicate: nil, weight: 1, windows: cluster.members.count, reach: 0)
        return ExplanationParts(
            meanings: 1, clusters: 1, separation: nil, rest: 0, parts: [alone], tokens: others
        ).likeness(of: window)[0]
    }

    /// What the latent's shuffles start from.
    private static func seed(of latent: Int, _ seed: UInt64) -> UInt64 {
        var hasher = SipHasher(key: SipKey(seed: seed, purpose: 0x6d65_616e), wide: false)
        hasher.update(Int64(latent))
        return hasher.finalize64()
    }

    /// The tokens of a half that have most of the mean of some cluster's rows.
    private static func tokens(
        of half: WindowFeatures.Half, isFired: Bool, _ clusters: [MeaningClusters.Cluster]
    ) -> [PartToken] {
        var means = clusters.map { _ in [Double](repeating: 0, count: half.texts.count) }
        for (part, cluster) in clusters.enumerated() {
            for window in cluster.members {
                let length = half.length(of: window)
                guard length > 0 else { continue }
                for (column, value) in half.rows[window] {
                    means[part][column] += TellingTokens.share * value / length / Double(cluster.members.count)
                }
            }
        }
        let columns = Set(
            means.flatMap { mean in
                mean.indices.filter { mean[$0] > 0 }.sorted { (mean[$1], $0) < (mean[$0], $1) }.prefix(keptTokens)
            })
        return columns.sorted().map { column in
            PartToken(
                text: half.texts[column], isFired: isFired, rarity: (half.rarities[column] * 10_000).rounded() / 10_000,
                // Four digits are enough, and a tenth of the space.
                values: means.map { ($0[column] * 10_000).rounded() / 10_000 })
        }
    }
}
