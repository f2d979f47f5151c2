public import Hashing

/// How much evidence an explanation was made from, and how strong: what later evidence is compared with.
public struct EvidenceBasis: Sendable, Hashable, Codable {
    /// Windows (occurrences) in which the latent had fired.
    public let windowsFired: UInt64
    /// Train windows in the sample.
    public let sample: Int
    /// The sample's peaks at its tenths, smallest first: eleven values, element `i` the smallest peak that at least `i`
    /// tenths of the sample do not exceed; empty without a sample.
    public let deciles: [Float]

    /// Makes a basis.
    public init(windowsFired: UInt64, sample: Int, deciles: [Float]) {
        self.windowsFired = windowsFired
        self.sample = sample
        self.deciles = deciles
    }

    /// The basis that evidence gives now.
    public init(of evidence: LatentEvidence) {
        let peaks = evidence.train.map(\.peak).sorted()
        let deciles = (0...10).compactMap { tenth -> Float? in
            let rank = (tenth * peaks.count + 9) / 10
            return peaks.isEmpty ? nil : peaks[max(rank, 1) - 1]
        }
        self.init(windowsFired: evidence.statistics.windowsFired, sample: peaks.count, deciles: deciles)
    }
}

/// Why a latent that has an explanation was explained again.
public enum AgainReason: String, Sendable, Hashable, Codable, CaseIterable {
    /// Its evidence had grown by the factor asked for.
    case grown
    /// The deciles of its peaks had moved.
    case moved
    /// The current score of its explanation had fallen out of the interval that the explanation was accepted with.
    case fallen
    /// Somebody asked for it.
    case asked
    /// A person gave it in place of the one that stood.
    case labelled
}

/// What a further explanation of a latent challenges, and why it was made.
public struct ExplainedAgain: Sendable, Hashable, Codable {
    /// The job of the explanation that stands.
    public let standing: JobID
    /// Why the latent was explained again.
    public let reason: AgainReason

    /// Makes a challenge.
    public init(standing: JobID, reason: AgainReason) {
        self.standing = standing
        self.reason = reason
    }
}

/// On what evidence an explanation was scored, of the several times it may be.
public struct ScoringRound: Sendable, Hashable, Codable {
    /// The epoch of the barrier at which the evidence was current.
    public let epoch: UInt64
    /// Windows (occurrences) in which the latent had fired.
    public let windowsFired: UInt64
    /// The low words of the identities of the windows that were recent, ascending and cut to 32 bits.
    public let recent: [UInt32]
    /// The job of the challenger, if the score is one of two that are to be compared; `nil` otherwise.
    public let contest: JobID?
    /// Which look at the comparison it is, if not the first; `nil` for the first and outside of comparisons.
    public let laterLook: Int?
    /// `true` if the score rests on the windows that no comparison looks at; `nil` if on all of them, or in a comparison.
    public let reporting: Bool?

    /// Makes a round; `look` counts from 1 on and is of a comparison only, `isReporting` is of none.
    public init(
        epoch: UInt64, windowsFired: UInt64, recent: [UInt32], contest: JobID? = nil, look: Int = 1,
        isReporting: Bool = false
    ) {
        self.epoch = epoch
        self.windowsFired = windowsFired
        self.recent = recent
        self.contest = contest
        laterLook = contest != nil && look > 1 ? look : nil
        reporting = contest == nil && isReporting ? true : nil
    }

    /// Whether the score rests on the windows that no comparison looks at.
    public var isReporting: Bool { reporting ?? false }

    /// Which look at a comparison it is, from 1 on.
    public var look: Int { laterLook ?? 1 }

    /// The name of the job whose plain name is given: scores in a contest, after one and outside of any differ, even
    /// on equal windows.
    public func name(of job: JobID) -> JobID {
        guard contest != nil || isReporting else { return job }
        var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x636f_6e74), wide: true)
        for word in [job.high, job.low] { hasher.update(word) }
        if let contest {
            for word in [contest.high, contest.low] { hasher.update(word) }
            if let laterLook { hasher.update(UInt64(clamping: laterLook)) }
        }
        return hasher.finalize128()
    }
}

/// What became of a further explanation of a latent.
public enum ChoiceOutcome: String, Sendable, Hashable, Codable, CaseIterable {
    /// It was better and stands from now on.
    case replaced
    /// It was not told to be better; the one before stands.
    case kept
    /// It says the same as the one that stands.
    case confirmed
}

/// One score node's part in a choice: two scores on the same windows.
public struct PairedScore: Sendable, Hashable, Codable {
    /// The id of the score node.
    public let node: String
    /// The headline of the explanation that stood; `nil` if the node could not compare.
    public let standing: Double?
    /// The headline of the challenger; `nil` likewise.
    public let challenger: Double?
    /// The standard error of the difference; `nil` if it is not known, as in choices of a version that did not test.
    public let error: Double?
    /// The windows that both rest on; `nil` likewise.
    public let windows: Int?
    /// Which look at the comparison it is, from 1 on; `nil` for the one look of a version that took no more.
    public let look: Int?

    /// Makes a pair; one without both figures abstains.
    public init(
        node: String, standing: Double?, challenger: Double?, error: Double? = nil, windows: Int? = nil,
        look: Int? = nil
    ) {
        self.node = node
        self.standing = standing
        self.challenger = challenger
        self.error = error
        self.windows = windows
        self.look = look
    }
}

/// The decision between an explanation that stands and one that was made again.
public struct Choice: Sendable, Hashable, Codable {
    /// The job of the explanation that was made again.
    public let challenger: JobID
    /// The job of the one that stood until then.
    public let standing: JobID
    /// The id of the explain node.
    public let node: String
    /// The coder.
    public let coder: CoderIdentity
    /// The latent.
    public let latent: Int
    /// Why the latent was explained again.
    public let reason: AgainReason
    /// What became of it.
    public let outcome: ChoiceOutcome
    /// What the score nodes found, by node and look.
    public let scores: [PairedScore]
    /// The latest epoch whose evidence is in the scores; for a confirmation that of the explanation.
    public let epoch: UInt64

    /// Makes a choice.
    public init(
        challenger: JobID, standing: JobID, node: String, coder: CoderIdentity, latent: Int, reason: AgainReason,
        outcome: ChoiceOutcome, scores: [PairedScore], epoch: UInt64
    ) {
        self.challenger = challenger
        self.standing = standing
        self.node = node
        self.coder = coder
        self.latent = latent
        self.reason = reason
        self.outcome = outcome
        self.scores = scores
        self.epoch = epoch
    }
}

extension Score {
    /// The name in `details` of the recency-weighted estimate.
    public static let currentName = "current"

    /// The recency-weighted estimate; `nil` if the method has none.
    public var current: Estimate? { details[Self.currentName] }
}

extension Estimate {
    /// Whether it lies below the lower end of another one's interval, and not by its own uncertainty.
    public func hasDrifted(below accepted: Estimate) -> Bool {
        value < accepted.lower && upper < accepted.value
    }
}
