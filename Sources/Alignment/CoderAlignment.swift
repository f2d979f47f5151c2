public import Dataflow

/// How the latents of two coders match, by what they write (decoder) and by what they read (encoder).
///
/// Source: Paulo and Belrose, arXiv 2501.16615: one-to-one matchings of largest total cosine, of the decoders and of the encoders; a
/// latent is shared if both give it a partner with a cosine above a threshold.
public struct CoderAlignment: Sendable {
    /// The settings of an alignment.
    public struct Settings: Sendable, Hashable {
        /// How many nearest latents of the other coder each latent may be matched with, and the other way.
        public var candidates: Int
        /// Above which cosine, in both spaces, a latent counts as shared.
        public var threshold: Double
        /// On how many threads products are computed.
        public var threads: Int

        /// Makes settings.
        public init(candidates: Int = 32, threshold: Double = 0.7, threads: Int) {
            self.candidates = candidates
            self.threshold = threshold
            self.threads = threads
        }
    }

    /// Two latents that the decoders' matching pairs.
    public struct MatchedPair: Sendable, Hashable {
        /// The latent of the first coder.
        public let a: Int
        /// The latent of the second coder.
        public let b: Int
        /// The cosine of their decoder rows.
        public let decoderCosine: Double
        /// The cosine of their encoder rows; `nil` if one is zeros.
        public let encoderCosine: Double?
        /// The partner that the encoders' matching gives to `a`; `nil` if it has none.
        public let encoderPartner: Int?
        /// Whether each is the nearest to the other by decoder.
        public let isMutuallyNearest: Bool

        /// Whether both matchings pair the two.
        public var agrees: Bool { encoderPartner == b }
    }

    /// The decoders' matching.
    public let decoder: SpaceAlignment
    /// The encoders' matching.
    public let encoder: SpaceAlignment
    /// The decoders' pairs, by the first coder's latent.
    public let pairs: [MatchedPair]
    /// Latents of the first coder whose partners' cosines are above the threshold in both matchings, the partners one or two.
    public let shared: Int
    /// The threshold.
    public let threshold: Double

    /// Aligns two coders, which may differ in the number of latents but not in the widths that they read and write.
    ///
    /// - Throws: `AlignmentError`, or what reading the rows throws.
    public init(
        _ a: LatentDirections, _ b: LatentDirections, settings: Settings, pool: ComputePool<Void>
    ) async throws {
        try Self.check(a, b, settings)
        let decoder = try await Self.align(a.decoder, b.decoder, settings, pool) { _, _ in }
        let partners = decoder.alignment.pairs
        let encoder = try await Self.align(a.encoder, b.encoder, settings, pool) { a, b in
            partners.map { a.cosine($0.a, with: b, $0.b) }
        }
        self.init(
            decoder: decoder.alignment, encoder: encoder.alignment, encoderCosines: encoder.value,
            threshold: settings.threshold)
    }

    private init(
        decoder: SpaceAlignment, encoder: SpaceAlignment, encoderCosines: [Double?], threshold: Double
    ) {
        let inEncoder = Dictionary(uniqueKeysWithValues: encoder.pairs.map { ($0.a, $0) })
        pairs = zip(decoder.pairs, encoderCosines).map { pair, cosine in
            MatchedPair(
                a: pair.a, b: pair.b, decoderCosine: pair.cosine, encoderCosine: cosine,
                encoderPartner: inEncoder[pair.a]?.b, isMutuallyNearest: decoder.mutual.contains(pair.a))
        }
        shared = decoder.pairs.count { pair in
            pair.cosine > threshold && inEncoder[pair.a].map { $0.cosine > threshold } ?? false
        }
        self.decoder = decoder
        self.encoder = encoder
        self.threshold = threshold
    }

    /// Reads one matrix of both coders, aligns it, and takes what else is wanted of it before it is let go.
    private static func align<Value: Sendable>(
        _ a: DirectionRows, _ b: DirectionRows, _ settings: Settings, _ pool: ComputePool<Void>,
        _ value: @escaping @Sendable (UnitRows, UnitRows) -> Value
    ) async throws -> (alignment: SpaceAlignment, value: Value) {
        let (rowsA, rowsB) = try await pool.run { _ in (try UnitRows(a), try UnitRows(b)) }
        let alignment = try await SpaceAlignment(
            rowsA, rowsB, candidates: settings.candidates, pool: pool, threads: settings.threads)
        return (alignment, try await pool.run { _ in value(rowsA, rowsB) })
    }

    private static func check(_ a: LatentDirections, _ b: LatentDirections, _ settings: Settings) throws {
        for (space, aRows, bRows) in [("decoder", a.decoder, b.decoder), ("encoder", a.encoder, b.encoder)] {
            guard aRows.width == bRows.width else {
                throw AlignmentError.widths(
                    space: space, a: a.name, aWidth: aRows.width, b: b.name, bWidth: bRows.width)
            }
        }
        for coder in [a, b] where coder.latents > Int(Int32.max) {
            throw AlignmentError.tooManyLatents(coder: coder.name, latents: coder.latents, most: Int(Int32.max))
        }
        guard (1...4096).contains(settings.candidates) else {
            throw AlignmentError.setting(name: "candidates", found: "\(settings.candidates)", expected: "1 to 4096")
        }
        guard settings.threshold.isFinite, (-1...1).contains(settings.threshold) else {
            throw AlignmentError.setting(name: "threshold", found: "\(settings.threshold)", expected: "-1 to 1")
        }
    }
}
