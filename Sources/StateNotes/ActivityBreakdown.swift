import Elements

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

        /// Whether one differs more than another; of those that differ as much the lower latent comes first.
        static func precedes(_ one: Differing, _ other: Differing) -> Bool {
            (other.statistic, one.latent) < (one.statistic, other.latent)
        }
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
        guard var counting = BreakdownCounting(view.breakdown) else { return nil }
        view.forEachLatent { latent, _, firing in counting.count(firing, of: latent) }
        self.init(counting)
    }

    /// What was counted of all latents.
    init(_ counting: BreakdownCounting) {
        let stream = counting.stream
        tokens = stream.tokens
        differing = counting.differing
        var seen: UInt64 = 0
        lengths = counting.byPosition.enumerated().map { bin, silence in
            seen &+= stream.tokensByPosition[bin]
            return Length(
                length: PositionBins.length(through: bin), tokens: seen, never: silence.never,
                atMost200: silence.atMost200)
        }
        sources = zip(stream.sources, counting.bySource).map { source, silence in
            Source(
                name: source.name, tokens: source.tokens, contexts: source.contexts, never: silence.never,
                atMost200: silence.atMost200)
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
        differing = Array(whole.flatMap(\.differing).sorted(by: Differing.precedes).prefix(BreakdownCounting.listed))
    }

    /// What is the same in all shares that have been told the same.
    private var shape: [[String]] {
        [
            lengths.map { "\($0.length ?? 0) \($0.tokens)" },
            sources.map { "\($0.name) \($0.tokens) \($0.contexts)" },
        ]
    }
}
