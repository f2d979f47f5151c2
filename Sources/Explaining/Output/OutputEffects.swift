public import Elements

/// What turning a latent up does to what the subject says.
public struct OutputEffects: Sendable, Hashable {
    /// A token with the mean change of its log-probability.
    public struct Change: Sendable, Hashable {
        /// The token.
        public let token: UInt32
        /// The change in nats.
        public let nats: Double

        /// Makes a change.
        public init(token: UInt32, nats: Double) {
            self.token = token
            self.nats = nats
        }
    }

    /// A text with what the subject goes on with.
    public struct Continuation: Sendable, Hashable {
        /// The text.
        public let text: [UInt32]
        /// What follows without and with the latent turned up.
        public let clean, changed: [UInt32]

        /// Makes a continuation.
        public init(text: [UInt32], clean: [UInt32], changed: [UInt32]) {
            self.text = text
            self.clean = clean
            self.changed = changed
        }
    }

    /// The mean Kullback–Leibler divergence of the next token's distribution, in nats.
    public let divergence: Double
    /// The tokens that become likelier to come next, the largest rise first.
    public let rising: [Change]
    /// The tokens that become less likely, the largest fall first.
    public let falling: [Change]
    /// Texts with continuations that differ.
    public let continuations: [Continuation]

    /// Takes from ranked changes the first `most` on each side that have texts which differ by more than case and spaces.
    ///
    /// Continuations that are the same with and without the latent are left out.
    public init(
        divergence: Double, rising: some Sequence<Change>, falling: some Sequence<Change>, most: Int,
        continuations: [Continuation], tokenDecoder: any TokenDecoder
    ) {
        self.divergence = divergence
        self.rising = TokenText.distinct(rising, most: most, tokenDecoder, token: \.token)
        self.falling = TokenText.distinct(falling, most: most, tokenDecoder, token: \.token)
        self.continuations = continuations.filter { $0.clean != $0.changed }
    }
}
