public import Elements

extension LexicalIndex {
    /// Terms that a token is of, and those of them that pairs are made of; both more than tokenizers of English text have on average.
    private static let termsPerToken = 12.0
    private static let pairTermsPerToken = 4.0

    /// The bytes that its own structures take, but for the vocabulary, which all views share.
    public var residentBytes: Int {
        numbers.residentBytes + termWindows.residentBytes + contextTerms.residentBytes + contextPlaces.residentBytes
            + windowContexts.residentBytes + pairs.residentBytes + latentWindows.residentBytes
    }

    /// The most bytes that it takes of a pool of usual text while it is made; `terms` is the vocabulary's number of terms.
    public static func memoryEstimate(of pool: PoolShape, terms: Int) -> Double {
        let (windows, tokens) = (Double(pool.windows), Double(pool.tokens))
        let pairs = windows * max(0, tokens - 1) * pairTermsPerToken * (pairTermsPerToken + 1)
        // Terms are listed by window, then by term and, for contexts, by window again.
        return windows * (2 * 24 + PoolShape.header) + windows * tokens * termsPerToken * 4 * (PoolShape.growth + 2)
            + PoolShape.growth * 8 * (windows <= Double(LexicalPair.maximumWindows) ? pairs : 0)
            + Double(max(0, terms)) * (3 * 8 + 2 * 4) + Double(pool.latents) * 16
            + 4 * windows * Double(pool.firing)
    }
}
