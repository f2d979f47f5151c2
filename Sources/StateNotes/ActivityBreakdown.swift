import Elements
import Foundation

/// How many latents have fired how often, by the length of the context and by source.
public struct ActivityBreakdown: Sendable, Hashable, Codable {
    /// Latents by what the first tokens of each context alone would have shown.
    public struct Length: Sendable, Hashable, Codable {
        /// The tokens counted at the start of each context; `nil` for all, if contexts are longer than the last bin.
        public let length: Int?
        /// Tokens seen there.
        public let tokens: UInt64
        /// Latents that never fired there.
        public let never: Int
        /// Latents that fired there at 200 tokens at most, those that never did included.
        public let atMost200: Int
    }

    /// Latents by what one source alone would have shown.
    public struct Source: Sendable, Hashable, Codable {
        /// The source's name; empty if records do not say.
        public let name: String
        /// Tokens seen of it.
        public let tokens: UInt64
        /// Contexts seen of it.
        public let contexts: UInt64
        /// Latents that never fired there.
        public let never: Int
        /// Latents that fired there at 200 tokens at most, those that never did included.
        public let atMost200: Int
    }

    /// A latent that fires more often in one source than in another.
    public struct Differing: Sendable, Hashable, Codable {
        /// The latent.
        public let latent: Int
        /// The likelihood ratio of its firings against equal rates, 2 ln L: it ranks and is no test, since the tokens of a
        /// document are not independent.
        public let statistic: Double
        /// `[sources]`: the share of the source's tokens at which it fired.
        public let rates: [Double]
    }

    /// Tokens counted by position and source; fewer than all if an older version counted the others.
    public let tokens: UInt64
    /// Shorter contexts first.
    public let lengths: [Length]
    /// By name; if there were more than eight, those whose names hash lowest.
    public let sources: [Source]
    /// Those that differ most, at most 20; empty for a single source.
    public let differing: [Differing]

    /// Counts the latents of a view; `nil` if the view does not count by position and source.
    init?(of view: any EvidenceView) {
        let stream = view.breakdown
        guard stream.tokens > 0 else { return nil }
        tokens = stream.tokens
        let bins = (stream.tokensByPosition.lastIndex { $0 > 0 } ?? 0) + 1
        var (never, few) = ([Int](repeating: 0, count: bins), [Int](repeating: 0, count: bins))
        var (absent, rare) = ([Int](repeating: 0, count: stream.sources.count), [Int]())
        rare = absent
        var differing: [Differing] = []
        for latent in 0..<view.coder.latents {
            let firing = view.breakdown(of: latent)
            var sum: UInt64 = 0
            for bin in 0..<bins {
                sum &+= bin < firing.byPosition.count ? firing.byPosition[bin] : 0
                if sum == 0 { never[bin] += 1 }
                if sum <= 200 { few[bin] += 1 }
            }
            for (place, count) in firing.bySource.enumerated() where place < absent.count {
                if count == 0 { absent[place] += 1 }
                if count <= 200 { rare[place] += 1 }
            }
            if let found = Self.differing(latent, firing.bySource, stream.sources) { differing.append(found) }
            if differing.count > 1000 { differing = Self.most(differing) }
        }
        self.differing = Self.most(differing)
        var seen: UInt64 = 0
        lengths = (0..<bins).map { bin in
            seen &+= stream.tokensByPosition[bin]
            return Length(
                length: PositionBins.length(through: bin), tokens: seen, never: never[bin], atMost200: few[bin])
        }
        sources = stream.sources.enumerated().map { place, source in
            Source(
                name: source.name, tokens: source.tokens, contexts: source.contexts, never: absent[place],
                atMost200: rare[place])
        }
    }

    /// The breakdown of all latents of a coder, of which each has fired in one share at most.
    ///
    /// - Returns: `nil` unless all shares have one, of the same tokens.
    init?(joining shares: [ActivityBreakdown?], latents: Int) {
        let whole = shares.compactMap(\.self)
        guard let first = whole.first, whole.count == shares.count,
            whole.allSatisfy({ $0.tokens == first.tokens && $0.shape == first.shape })
        else { return nil }
        tokens = first.tokens
        lengths = first.lengths.enumerated().map { place, length in
            Length(
                length: length.length, tokens: length.tokens,
                never: ShareCounts.among(latents, whole.map { $0.lengths[place].never }),
                atMost200: ShareCounts.among(latents, whole.map { $0.lengths[place].atMost200 }))
        }
        sources = first.sources.enumerated().map { place, source in
            Source(
                name: source.name, tokens: source.tokens, contexts: source.contexts,
                never: ShareCounts.among(latents, whole.map { $0.sources[place].never }),
                atMost200: ShareCounts.among(latents, whole.map { $0.sources[place].atMost200 }))
        }
        differing = Self.most(whole.flatMap(\.differing))
    }

    /// What is the same in all shares that have been told the same.
    private var shape: [[String]] {
        [
            lengths.map { "\($0.length ?? 0) \($0.tokens)" },
            sources.map { "\($0.name) \($0.tokens) \($0.contexts)" },
        ]
    }

    private static func most(_ all: [Differing]) -> [Differing] {
        Array(all.sorted { ($1.statistic, $0.latent) < ($0.statistic, $1.latent) }.prefix(20))
    }

    // The G-test of firing against source: Sokal and Rohlf, "Biometry" (1981).
    private static func differing(_ latent: Int, _ fired: [UInt64], _ sources: [SourceTotals]) -> Differing? {
        let all = fired.reduce(0, &+)
        let tokens = sources.reduce(0) { $0 &+ $1.tokens }
        guard sources.count > 1, sources.count == fired.count, all > 0, tokens > all else { return nil }
        let rate = Double(all) / Double(tokens)
        var statistic = 0.0
        for (count, source) in zip(fired, sources) where source.tokens > 0 {
            let (yes, of) = (Double(count), Double(source.tokens))
            if yes > 0 { statistic += 2 * yes * log(yes / (of * rate)) }
            if of > yes { statistic += 2 * (of - yes) * log((of - yes) / (of * (1 - rate))) }
        }
        let rates = zip(fired, sources).map { $1.tokens > 0 ? Double($0) / Double($1.tokens) : 0 }
        return statistic > 0 ? Differing(latent: latent, statistic: statistic, rates: rates) : nil
    }
}
