public import Dataflow
public import Hashing

/// The name of a piece of work: the hash of everything that decides its outcome.
public typealias JobID = Hash128

/// An estimate with its 95 % interval.
public struct Estimate: Sendable, Hashable, Codable {
    /// The value.
    public let value: Double
    /// The interval's lower end.
    public let lower: Double
    /// The interval's upper end.
    public let upper: Double
    /// The number of observations it rests on.
    public let count: Int

    /// Makes an estimate.
    public init(value: Double, lower: Double, upper: Double, count: Int) {
        self.value = value
        self.lower = lower
        self.upper = upper
        self.count = count
    }
}

/// How much of what could be asked was asked before one stopped, and what was decided by it.
public struct SequentialAccount: Sendable, Hashable, Codable {
    /// `interpretable`, `not-interpretable` or `undecided`.
    public let verdict: String
    /// The balanced accuracy from which on an explanation counts as interpretable.
    public let threshold: Double
    /// Questions asked.
    public let asked: Int
    /// Questions that there were.
    public let available: Int
    /// The node whose cheaper score decided it, so that nothing was asked; `nil` if a judge did.
    public let settledBy: String?

    /// Makes an account.
    public init(verdict: String, threshold: Double, asked: Int, available: Int, settledBy: String? = nil) {
        self.verdict = verdict
        self.threshold = threshold
        self.asked = asked
        self.available = available
        self.settledBy = settledBy
    }
}

/// How good one explanation is by one method.
public struct Score: Sendable, Hashable, Codable {
    /// The job that made it.
    public var job: JobID
    /// The id of the score node.
    public var node: String
    /// The method, such as `detection`.
    public var method: String
    /// The coder.
    public var coder: CoderIdentity
    /// The latent.
    public var latent: Int
    /// The job of the explanation that was scored.
    public var explanation: JobID
    /// The id of the explain node that made the explanation.
    public var explainedBy: String
    /// The explanation's text, so that a score can be read by itself.
    public var text: String
    /// The method's own figure with its interval (balanced accuracy; AUROC for `embedding`, and where a judge gave
    /// probabilities); `nil` if nothing could be judged.
    public var headline: Estimate?
    /// Further figures by name, such as `true_positive_rate`, `auroc`, `f1`.
    public var details: [String: Estimate]
    /// Examples that got a verdict.
    public var judged: Int
    /// Examples whose verdict failed or could not be parsed.
    public var failed: Int
    /// Tokens sent to a judge.
    public var tokensIn: Int
    /// Tokens a judge answered with.
    public var tokensOut: Int
    /// Those of the tokens sent that the judge had read before, as far as it says; `nil` if it never does.
    public var tokensCached: Int?
    /// What came of asking only until enough was known; `nil` if everything was asked.
    ///
    /// The headline is then an estimate corrected for the stopping, and its interval holds whenever one stops.
    public var sequential: SequentialAccount?
    /// The name of the control that this is, such as `shuffled`; `nil` for a score of the latent's own explanation.
    ///
    /// A control says what a method gives for nothing and is never part of an aggregate.
    public var control: String?
    /// The headline and the figures of tiers on resampled documents; `nil` if they are not known.
    public var replicates: ScoreReplicates?
    /// The log-odds of a judge's answers, if it gave probabilities.
    public var logits: YesLogits?
    /// The evidence it rests on; `nil` if it was not noted.
    public var round: ScoringRound?

    /// Makes a score.
    public init(
        job: JobID, node: String, method: String, coder: CoderIdentity, latent: Int, explanation: JobID,
        explainedBy: String, text: String, headline: Estimate?, details: [String: Estimate], judged: Int, failed: Int,
        tokensIn: Int, tokensOut: Int, tokensCached: Int? = nil, sequential: SequentialAccount? = nil,
        control: String? = nil, replicates: ScoreReplicates? = nil
    ) {
        self.job = job
        self.node = node
        self.method = method
        self.coder = coder
        self.latent = latent
        self.explanation = explanation
        self.explainedBy = explainedBy
        self.text = text
        self.headline = headline
        self.details = details
        self.judged = judged
        self.failed = failed
        self.tokensIn = tokensIn
        self.tokensOut = tokensOut
        self.tokensCached = tokensCached
        self.sequential = sequential
        self.control = control
        self.replicates = replicates
    }

    /// The balanced accuracy with yes from P(yes) = 1/2 on, of a score whose headline is the area instead; `nil` for others.
    public var uncalibrated: Estimate? { details[Self.uncalibratedName] }

    /// The name under which a score reports `uncalibrated`.
    public static let uncalibratedName = "balanced_accuracy"

    /// The score as that of a round, under the name that its job has there.
    public func noted(in round: ScoringRound) -> Score {
        var score = self
        score.job = round.name(of: job)
        score.round = round
        return score
    }
}

/// What an explain node tells the score nodes that read it.
public enum ExplanationBatch: Sendable, Weighed {
    /// Explanations, and the evidence to score them on.
    case explanations([Explanation], EvidenceUpdate)
    /// Newer evidence of an explain node, after the explanations that it made of it so far.
    case evidence(EvidenceUpdate, by: String)
    /// All explanations that an explain node makes of an epoch's evidence have come.
    ///
    /// It comes before the evidence itself: what it calls for is scored on the evidence that the explanations were
    /// scored on.
    case settled(epoch: UInt64, by: String)
    /// Somebody asked for scores of what stands, on the evidence that came last.
    case asked([AskedScore])

    /// The number of explanations.
    public var elementCount: Int { if case .explanations(let explanations, _) = self { explanations.count } else { 0 } }

    /// The weight in bytes; explanations share the view that the evidence after them is charged for.
    public var byteCount: Int {
        switch self {
        case .explanations(let explanations, _): 1024 * explanations.count
        case .evidence(let update, _): update.byteCount
        case .settled: MemoryLayout<UInt64>.size + MemoryLayout<String>.size
        case .asked(let asked): MemoryLayout<AskedScore>.stride * asked.count
        }
    }
}

/// What a score node tells the nodes that read it.
public enum ScoreBatch: Sendable, Weighed {
    /// Scores of a node.
    case scores([Score], node: String)
    /// The jobs of explanations that a node is through with, whether it scored them or passed them over.
    case considered([JobID], node: String)

    /// The number of scores.
    public var elementCount: Int { if case .scores(let scores, _) = self { scores.count } else { 0 } }

    /// The weight in bytes.
    public var byteCount: Int {
        switch self {
        case .scores(let scores, _): 1024 * scores.count
        case .considered(let jobs, _): MemoryLayout<JobID>.size * jobs.count
        }
    }
}
