public import Dataflow
public import Hashing

/// A window of one context and what makes it comparable with others.
public struct Window: Sendable, Hashable {
    /// The token ids.
    public let tokens: [UInt32]
    /// The 128-bit hash of the token ids: equal texts are one window.
    public let identity: Hash128
    /// The 64-bit hash of the identity; samples keep the lowest.
    public let priority: UInt64

    /// Makes a window.
    public init(tokens: [UInt32], identity: Hash128, priority: UInt64) {
        self.tokens = tokens
        self.identity = identity
        self.priority = priority
    }
}

/// A window in which a latent fired, with how strongly at each token.
public struct Example: Sendable, Hashable {
    /// The window.
    public let window: Window
    /// The latent's activation at each token of the window; 0 if it is silent.
    public let activations: [Float]
    /// The largest activation.
    public let peak: Float
    /// 32 bits of the hash of the document in which it fired so, the lowest of several; `nil` if it is not known.
    public let document: UInt32?

    /// Makes an example; `activations` is as long as the window's tokens.
    public init(window: Window, activations: [Float], document: UInt32? = nil) {
        self.window = window
        self.activations = activations
        self.document = document
        peak = activations.max() ?? 0
    }
}

/// Counts over every token seen, sampled or not.
public struct LatentStatistics: Sendable, Hashable {
    /// Tokens at which the latent fired.
    public var tokensFired: UInt64
    /// Windows (occurrences, repeated ones too) in which the latent fired.
    public var windowsFired: UInt64
    /// The sum of its activations.
    public var sum: Double
    /// The sum of their squares.
    public var sumOfSquares: Double
    /// The largest activation.
    public var maximum: Float
    /// Counts of activations by power of two: element `i` counts those in `[2^(i-16), 2^(i-15))`, the ends taking what
    /// lies beyond.
    public var histogram: [UInt64]

    /// Makes statistics.
    public init(
        tokensFired: UInt64, windowsFired: UInt64, sum: Double, sumOfSquares: Double, maximum: Float,
        histogram: [UInt64]
    ) {
        self.tokensFired = tokensFired
        self.windowsFired = windowsFired
        self.sum = sum
        self.sumOfSquares = sumOfSquares
        self.maximum = maximum
        self.histogram = histogram
    }
}

/// The counts of one latent in short.
public struct LatentFiring: Sendable, Hashable {
    /// Tokens at which it fired.
    public var tokens: UInt64
    /// Its largest activation.
    public var maximum: Float

    /// Makes counts.
    public init(tokens: UInt64, maximum: Float) {
        self.tokens = tokens
        self.maximum = maximum
    }
}

/// All that is kept of one latent.
public struct LatentEvidence: Sendable, Hashable {
    /// The latent's index in its coder.
    public let latent: Int
    /// Counts over every token.
    public let statistics: LatentStatistics
    /// A uniform sample of the train windows in which it fired, by ascending priority.
    public let train: [Example]
    /// The train windows with the largest peaks, by descending peak.
    public let top: [Example]
    /// A uniform sample of the test windows in which it fired, by ascending priority.
    public let test: [Example]
    /// Test windows of the last two days of event time, by ascending priority.
    public let recent: [Example]

    /// Makes the evidence of one latent.
    public init(
        latent: Int, statistics: LatentStatistics, train: [Example], top: [Example], test: [Example],
        recent: [Example]
    ) {
        self.latent = latent
        self.statistics = statistics
        self.train = train
        self.top = top
        self.test = test
        self.recent = recent
    }
}

/// A window of the global pool, from which negatives are drawn.
public struct PoolWindow: Sendable, Hashable {
    /// The window.
    public let window: Window
    /// The latents that fire in it (in any of its occurrences), ascending.
    public let latents: [Int32]
    /// Whether it occurred in a train document.
    public let isTrain: Bool
    /// Whether it occurred in a test document.
    public let isTest: Bool
    /// 32 bits of the hash of the document in which it occurred, the lowest of several; `nil` if it is not known.
    public let document: UInt32?

    /// Makes a pool window.
    public init(window: Window, latents: [Int32], isTrain: Bool, isTest: Bool, document: UInt32? = nil) {
        self.window = window
        self.latents = latents
        self.isTrain = isTrain
        self.isTest = isTest
        self.document = document
    }
}

/// The totals over every latent.
public struct StreamTotals: Sendable, Hashable, Codable {
    /// Tokens seen.
    public var tokens: UInt64
    /// Contexts seen.
    public var contexts: UInt64
    /// Windows seen (occurrences).
    public var windows: UInt64
    /// Windows too short to sample.
    public var shortWindows: UInt64

    /// Makes totals.
    public init(tokens: UInt64 = 0, contexts: UInt64 = 0, windows: UInt64 = 0, shortWindows: UInt64 = 0) {
        self.tokens = tokens
        self.contexts = contexts
        self.windows = windows
        self.shortWindows = shortWindows
    }
}

/// A fixed view of a reservoir, as it was at one barrier.
public protocol EvidenceView: Sendable {
    /// The coder whose latents these are.
    var coder: CoderIdentity { get }
    /// What has been seen in all.
    var totals: StreamTotals { get }
    /// The hash of all evidence, in an order that storage does not influence.
    var digest: Hash128 { get }
    /// The pool of negatives, by ascending priority.
    var pool: [PoolWindow] { get }
    /// Counts of one latent; zeros for one that never fired.
    func statistics(of latent: Int) -> LatentStatistics
    /// The tokens at which one latent fired.
    func tokensFired(of latent: Int) -> UInt64
    /// The windows in which one latent fired.
    func windowsFired(of latent: Int) -> UInt64
    /// All that is kept of one latent; empty for one that never fired.
    func evidence(of latent: Int) -> LatentEvidence
    /// The number of windows in a latent's uniform samples, of both sides.
    func sampled(of latent: Int) -> Int
    /// The peaks of a latent's train windows, in the order of those windows.
    func trainPeaks(of latent: Int) -> [Float]
    /// What has been seen in all, by position and by source.
    var breakdown: StreamBreakdown { get }
    /// How often one latent fired by position and by source.
    func breakdown(of latent: Int) -> FiringBreakdown
    /// Gives the counts of each latent, by their numbers: what `statistics(of:)` and `breakdown(of:)` give one by one.
    ///
    /// A view may hand out the same storage each time, so that a look at a million latents takes no memory for each.
    func forEachLatent(
        _ body: (_ latent: Int, _ statistics: LatentStatistics, _ breakdown: FiringBreakdown) -> Void)
    /// Gives how often each latent fired and how strongly at most, by their numbers: the cheapest look at all of them.
    func forEachFiring(_ body: (_ latent: Int, _ firing: LatentFiring) -> Void)
}

extension EvidenceView {
    /// The tokens at which one latent fired, by all that is counted of it.
    public func tokensFired(of latent: Int) -> UInt64 { statistics(of: latent).tokensFired }
    /// The windows in which one latent fired, likewise.
    public func windowsFired(of latent: Int) -> UInt64 { statistics(of: latent).windowsFired }
    /// The number of windows in a latent's uniform samples, counted in all that is kept of it.
    public func sampled(of latent: Int) -> Int {
        let evidence = evidence(of: latent)
        return evidence.train.count + evidence.test.count
    }
    /// The peaks of a latent's train windows, taken from all that is kept of it.
    public func trainPeaks(of latent: Int) -> [Float] { evidence(of: latent).train.map(\.peak) }
    /// Nothing, for a view that does not count by position and source.
    public var breakdown: StreamBreakdown { StreamBreakdown() }
    /// Nothing, likewise.
    public func breakdown(of latent: Int) -> FiringBreakdown { FiringBreakdown() }
    /// The counts of each latent, asked for one by one.
    public func forEachLatent(
        _ body: (_ latent: Int, _ statistics: LatentStatistics, _ breakdown: FiringBreakdown) -> Void
    ) {
        for latent in 0..<max(0, coder.latents) { body(latent, statistics(of: latent), breakdown(of: latent)) }
    }
    /// How often each latent fired, by all that is counted of it.
    public func forEachFiring(_ body: (_ latent: Int, _ firing: LatentFiring) -> Void) {
        for latent in 0..<max(0, coder.latents) {
            let statistics = statistics(of: latent)
            body(latent, LatentFiring(tokens: statistics.tokensFired, maximum: statistics.maximum))
        }
    }
}

/// What a reservoir tells the stages after it after a checkpoint.
public struct EvidenceUpdate: Sendable, Weighed {
    /// The evidence as it was at the barrier.
    public let view: any EvidenceView
    /// The barrier's epoch.
    public let epoch: UInt64
    /// Whether the source had nothing more to read at the barrier.
    public let isCaughtUp: Bool
    /// What is charged for it: a whole MiB, which is all that a channel of explanations holds.
    ///
    /// A view shares the reservoir's storage, but only until that goes on: each view that waits then keeps a state of
    /// its own alive. So no two wait.
    public var byteCount: Int { 1 << 20 }

    /// Makes an update.
    public init(view: any EvidenceView, epoch: UInt64, isCaughtUp: Bool) {
        self.view = view
        self.epoch = epoch
        self.isCaughtUp = isCaughtUp
    }
}
