extension CoderAlignment {
    /// The most pairs that there could be: the fewer of the latents that have a direction, in both spaces.
    public var possible: Int { min(decoder.possible, encoder.possible) }

    /// The share of the possible pairs that are shared; `nil` if none is possible.
    public var sharedShare: Double? { share(shared) }

    /// Pairs that both matchings have.
    public var agreeing: Int { pairs.count(where: \.agrees) }

    /// The share of the possible pairs that both matchings have.
    public var agreeingShare: Double? { share(agreeing) }

    /// Pairs that both matchings have and whose cosines are above the threshold in both spaces.
    public var agreeingAndShared: Int {
        pairs.count { pair in
            pair.agrees && pair.decoderCosine > threshold && (pair.encoderCosine.map { $0 > threshold } ?? false)
        }
    }

    /// The mean decoder cosine of the pairs that both matchings have; `nil` if there is none.
    public var meanWhereAgreeing: Double? { Self.mean(pairs.filter(\.agrees)) }

    /// The mean decoder cosine of the decoders' pairs that the encoders' matching does not have.
    public var meanWhereNot: Double? { Self.mean(pairs.filter { !$0.agrees }) }

    /// A number of pairs as a share of those possible.
    public func share(_ count: Int) -> Double? { possible > 0 ? Double(count) / Double(possible) : nil }

    private static func mean(_ pairs: [MatchedPair]) -> Double? {
        pairs.isEmpty ? nil : pairs.reduce(0) { $0 + $1.decoderCosine } / Double(pairs.count)
    }
}
