public import Elements
public import Hashing
public import Inference

/// What a plan scores, and on whose judgement.
public struct PlanSubject: Sendable, Hashable, Codable {
    /// The id of the score node.
    public let node: String
    /// The coder.
    public let coder: CoderIdentity
    /// The latent on whose windows the explanation is scored.
    public let latent: Int
    /// The job of the explanation.
    public let explanation: JobID
    /// The id of the explain node that made it.
    public let explainedBy: String
    /// The explanation's text.
    public let text: String
    /// The name of the control that this is; `nil` for a score of the latent's own explanation.
    public let control: String?
    /// The judge's name.
    public let judge: String
    /// The judge's digest.
    public let judgeDigest: Hash128
    /// The seed of every choice.
    public let seed: UInt64
    /// How the held-out windows came about.
    public let heldOut: HeldOutAccount

    /// Names what is scored; `latent` is that of the explanation unless `control` says otherwise.
    public init(
        node: String, explanation: Explanation, latent: Int? = nil, control: String? = nil,
        judge: any LanguageModelClient,
        seed: UInt64, heldOut: HeldOutAccount
    ) {
        self.node = node
        coder = explanation.coder
        self.latent = latent ?? explanation.latent
        self.explanation = explanation.job
        explainedBy = explanation.node
        text = explanation.text
        self.control = control
        self.judge = judge.name
        judgeDigest = judge.digest
        self.seed = seed
        self.heldOut = heldOut
    }

    /// The job's name; `settings` are those of the method.
    func job(method: String, version: String, windows: [ShownWindow], settings: [String: String]) -> JobID {
        var named = settings
        named["explanation"] = "\(explanation)"
        named["text"] = text
        named["control"] = control ?? ""
        return JobRecipe(
            work: "score/\(method)", node: node, coder: coder, latent: latent, windows: windows,
            promptVersion: version, model: judgeDigest, settings: named, seed: seed
        ).id
    }

    /// Throws kind `modelChanged` if another judge is at hand than the one planned for.
    func check(_ judge: any LanguageModelClient) throws(ScoringError) {
        guard judge.digest == judgeDigest else {
            throw ScoringError(
                .modelChanged, "planned for \(self.judge) (\(judgeDigest)), but \(judge.name) is at hand")
        }
    }

    /// Throws kind `unsupported` if a judge cannot tell how likely a given text is, which a method needs.
    func checkReading(_ judge: any LanguageModelClient, for method: String) throws(ScoringError) {
        guard judge.readsTexts else {
            throw ScoringError(
                .unsupported,
                "\(judge.name) gives no probabilities of a given text, and \(method) needs them; take a model in this process, or a server with /completions, echo and logprobs"
            )
        }
    }
}

/// A plan that keeps what it scores in one place.
public protocol SubjectPlan: JudgedPlan {
    /// The explanation that is scored, and the judge.
    var subject: PlanSubject { get }
}

extension SubjectPlan {
    /// The id of the score node.
    public var node: String { subject.node }
    /// The coder.
    public var coder: CoderIdentity { subject.coder }
    /// The latent on whose windows the explanation is scored.
    public var latent: Int { subject.latent }
    /// The job of the explanation.
    public var explanation: JobID { subject.explanation }
    /// The id of the explain node that made it.
    public var explainedBy: String { subject.explainedBy }
    /// The name of the control that this is; `nil` for a score of a latent's own explanation.
    public var control: String? { subject.control }

    /// The score of the plan; what the method has besides is set afterwards.
    func score(
        method: String, headline: Estimate?, details: [String: Estimate], judged: Int, failed: Int, cost: CallCost
    ) -> Score {
        Score(
            job: job, node: node, method: method, coder: coder, latent: latent, explanation: explanation,
            explainedBy: explainedBy, text: subject.text, headline: headline, details: details, judged: judged,
            failed: failed, tokensIn: cost.tokensIn, tokensOut: cost.tokensOut, tokensCached: cost.tokensCached,
            control: control)
    }
}
