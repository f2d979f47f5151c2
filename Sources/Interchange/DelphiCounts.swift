/// The counts of a delphi cache for each latent.
public struct DelphiCounts: Sendable, Hashable {
    /// Tokens at which the latent's activation is positive, `[latents]`.
    public private(set) var fired: [Int]
    /// Tokens at which it is negative, `[latents]`.
    public private(set) var negative: [Int]
    /// The largest activation, `[latents]`; `nil` if none is positive.
    public private(set) var maxima: [Float?]
    /// The number of tokens.
    public let tokens: Int

    /// Counts every activation of a cache.
    ///
    /// - Throws: `InterchangeError` if one of them is not a number.
    public init(_ cache: DelphiCache) throws {
        fired = Array(repeating: 0, count: cache.latents)
        negative = fired
        maxima = Array(repeating: nil, count: cache.latents)
        tokens = cache.rows * cache.context
        for split in cache.splits {
            for row in 0..<cache.rows {
                try split.forEachEntry(inRow: row) { entry in
                    if entry.activation > 0 {
                        fired[entry.latent] += 1
                        maxima[entry.latent] = max(maxima[entry.latent] ?? 0, entry.activation)
                    } else if entry.activation < 0 {
                        negative[entry.latent] += 1
                    }
                }
            }
        }
    }

    /// Latents that never fire.
    public var neverFired: Int { fired.count { $0 == 0 } }
}
