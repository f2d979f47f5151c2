/// A score's value on resampled documents, drawn alike for every score, so that what scores have in common shows.
///
/// Each replicate weighs every document by a draw of its own from a Poisson distribution of mean 1. A list of replicates is
/// kept in 8 bits each, in 254 steps from its least to its largest value: what that rounds off is less than a hundredth of
/// their own spread, and values in nats fit as well as shares do.
public struct ScoreReplicates: Sendable, Hashable, Codable {
    /// The number of replicates.
    public static let count = 200

    /// The headline's parts: one list, or the true-positive and the true-negative rate.
    private let headline: [ReplicateList]
    /// What each tier's figure gives, but the random one's, which is the headline's.
    private let tiers: [NegativeTier: ReplicateList]

    /// Rounds the parts of which the value is the mean: one list, or the true-positive and the true-negative rate.
    ///
    /// Each is `[count]`, `nil` if a replicate has no value. `nil` for lists of another length.
    public init?(parts: [[Double?]]) {
        let lists = parts.compactMap(ReplicateList.init)
        guard (1...2).contains(parts.count), lists.count == parts.count else { return nil }
        self.init(headline: lists, tiers: [:])
    }

    private init(headline: [ReplicateList], tiers: [NegativeTier: ReplicateList]) {
        self.headline = headline
        self.tiers = tiers
    }

    /// `[parts, count]`: what was given, rounded.
    public var parts: [[Double?]] { headline.map(\.values) }

    /// The number of parts, one or two.
    public var partCount: Int { headline.count }

    /// Writes what a part was given, rounded, to the first `count` of `places`; `value` stands in for a replicate that has none.
    public func read(part: Int, or value: Double, into places: inout [Double]) {
        guard headline.indices.contains(part) else { return }
        headline[part].read(or: value, into: &places)
    }

    /// `[count]`: the mean of the parts; `nil` if one of them has no value.
    public var values: [Double?] {
        let parts = parts
        guard parts.count == 2 else { return parts.first ?? [] }
        return zip(parts[0], parts[1]).map { first, second in
            guard let first, let second else { return nil }
            return (first + second) / 2
        }
    }

    /// The same with what scores of tiers gave on resampled documents; the random one's is the headline's already.
    public func adding(_ scores: [TierScore]) -> ScoreReplicates {
        var tiers = tiers
        for score in scores where score.tier != .random && score.figure != nil {
            tiers[score.tier] = score.replicates.flatMap { ReplicateList($0.values) }
        }
        return ScoreReplicates(headline: headline, tiers: tiers)
    }

    /// The figure against one tier on resampled documents; `nil` if it is not known.
    public func replicates(of tier: NegativeTier) -> ScoreReplicates? {
        if tier == .random { return ScoreReplicates(headline: headline, tiers: [:]) }
        return tiers[tier].map { ScoreReplicates(headline: [$0], tiers: [:]) }
    }
}

extension ScoreReplicates {
    /// The first byte.
    private static let format: UInt8 = 2
    /// What comes first of a list of the headline.
    private static let headlineMark: UInt8 = 0

    /// What comes first of a tier's list; a number is never used for another tier.
    private static func mark(of tier: NegativeTier) -> UInt8 {
        switch tier {
        case .random: 1
        case .lexical: 2
        case .neighbour: 3
        case .semantic: 4
        }
    }

    /// One byte, and 209 for each part of the headline and each tier.
    public var bytes: [UInt8] {
        let lists =
            headline.map { (Self.headlineMark, $0) }
            + NegativeTier.allCases.compactMap { tier in tiers[tier].map { (Self.mark(of: tier), $0) } }
        return [Self.format] + lists.flatMap { [$0] + $1.bytes }
    }

    /// Reads what `bytes` gives, or gave when there were 16 bits a replicate; `nil` for anything else.
    public init?(bytes: [UInt8]) {
        if [2 * Self.count, 4 * Self.count].contains(bytes.count) {
            self.init(parts: Self.wideParts(bytes))
            return
        }
        let length = 1 + ReplicateList.byteCount
        guard bytes.first == Self.format, bytes.count % length == 1 else { return nil }
        var headline: [ReplicateList] = []
        var tiers: [NegativeTier: ReplicateList] = [:]
        for start in stride(from: 1, to: bytes.count, by: length) {
            guard let list = ReplicateList(bytes: bytes[(start + 1)..<(start + length)]) else { return nil }
            if bytes[start] == Self.headlineMark {
                headline.append(list)
            } else if let tier = NegativeTier.allCases.first(where: { Self.mark(of: $0) == bytes[start] }) {
                tiers[tier] = list
            } else {
                return nil
            }
        }
        guard (1...2).contains(headline.count) else { return nil }
        self.init(headline: headline, tiers: tiers)
    }

    /// Numbers from -1 to 1 in steps of 1/32767, two bytes each, the low one first.
    private static func wideParts(_ bytes: [UInt8]) -> [[Double?]] {
        stride(from: 0, to: bytes.count, by: 2 * count).map { start in
            stride(from: start, to: start + 2 * count, by: 2).map { place in
                let code = UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8
                return code == .max ? nil : (Double(code) - 32_767) / 32_767
            }
        }
    }
}
