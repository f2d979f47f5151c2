public import Elements
public import Hashing

/// Settings of simulation.
public struct SimulationSettings: Sendable, Hashable, Codable {
    /// The most held-out positives.
    public var positives = 50
    /// The most negatives.
    public var negatives = 50
    /// Blocks of rank from which positives are drawn evenly.
    public var quantiles = 10
    /// The largest value that a judge may give a token; 9 for models that write 10 in two tokens and list only the likeliest.
    public var scale = 10
    /// Resamples of the bootstrap.
    public var resamples = 1000

    /// Makes the default settings.
    public init() {}
}

/// A window whose activations are to be guessed.
public struct SimulatedWindow: Sendable, Hashable, Codable {
    /// The window's identity.
    public let identity: Hash128
    /// The token ids.
    public let tokens: [UInt32]
    /// `[tokens]`: the true activations from 0 to 10, 10 being the latent's maximum.
    public let activations: [Float]
    /// Whether the latent fires in it.
    public let isPositive: Bool
    /// The block of rank (0 is the strongest) of a positive.
    public let block: Int?
    /// 32 bits of the hash of the window's document; `nil` if it is not known.
    public let document: UInt32?
}

/// All that is needed to have the activations of one latent simulated from an explanation, now or after a restart.
public struct SimulationPlan: SubjectPlan, Hashable {
    /// The job's name.
    public let job: JobID
    /// The explanation that is scored, and the judge.
    public let subject: PlanSubject
    /// The windows, in order.
    public let windows: [SimulatedWindow]
    /// The recent windows; `nil` if none is recent.
    public let fresh: FreshWindows?
    /// The settings.
    public let settings: SimulationSettings

    /// The recent windows of a plan.
    public struct FreshWindows: Sendable, Hashable, Codable {
        /// Those of the plan's windows that are recent.
        public let recent: [Hash128]
        /// Recent windows that the uniform sample of all time does not hold.
        public let windows: [SimulatedWindow]
    }

    /// All windows: first those of the headline, then the further recent ones.
    var asked: [SimulatedWindow] { windows + (fresh?.windows ?? []) }

    /// Chooses the windows as detection does: with the same seed and numbers from the same set they are the same ones.
    ///
    /// Activations are taken as shares of `maximum`, the latent's largest, times 10, and not rounded: rounding would
    /// take the weak ones for none. Throws `ScoringError` of kind `tooFewExamples` if a class is empty.
    public init(
        subject: PlanSubject, heldOut: HeldOutSet, maximum: Float, settings: SimulationSettings
    ) throws(ScoringError) {
        var choice = JudgedSettings(method: .detection)
        choice.positives = settings.positives
        choice.negatives = settings.negatives
        choice.quantiles = settings.quantiles
        let questions = QuestionChoice(latent: subject.latent, seed: subject.seed, settings: choice)
            .detection(from: heldOut)
        try heldOut.check(questions, latent: subject.latent, method: SimulationScorer.name)
        let scale = ActivationScale(of: heldOut, maximum: maximum)
        windows = questions.map(scale.window)
        let fresh = FreshQuestions(from: heldOut, besides: questions, settings: choice)
        self.fresh = fresh.map { FreshWindows(recent: $0.recent, windows: $0.questions.map(scale.window)) }
        self.subject = subject
        self.settings = settings
        var named = [
            "positives": "\(settings.positives)", "negatives": "\(settings.negatives)",
            "quantiles": "\(settings.quantiles)", "scale": "\(settings.scale)", "resamples": "\(settings.resamples)",
        ]
        if let fresh { named["recent"] = fresh.named }
        job = subject.job(
            method: SimulationScorer.name, version: SimulationPrompt.version,
            windows: windows.map { $0.shown(as: $0.isPositive ? 1 : 0) }
                + (self.fresh?.windows ?? []).map { $0.shown(as: 8) },
            settings: named)
    }
}

extension SimulatedWindow {
    /// The window as it goes into a job's name, its activations bit by bit and what it is there for.
    fileprivate func shown(as level: UInt8) -> ShownWindow {
        let bytes = activations.flatMap { value in
            (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
        }
        return ShownWindow(tokens: tokens, levels: bytes + [level])
    }
}

/// The true activations of a latent's windows, put on a scale to 10.
private struct ActivationScale {
    private let activations: [Hash128: [Float]]
    private let maximum: Float

    init(of heldOut: HeldOutSet, maximum: Float) {
        activations = Dictionary(
            (heldOut.positives + heldOut.recent).map { ($0.window.identity, $0.activations) },
            uniquingKeysWith: { first, _ in first })
        self.maximum = maximum
    }

    func window(_ question: Question) -> SimulatedWindow {
        let values = question.isPositive ? activations[question.identity] ?? [] : []
        let shares = question.tokens.indices.map { index -> Float in
            guard index < values.count, maximum > 0, values[index] > 0 else { return 0 }
            return min(10 * values[index] / maximum, 10)
        }
        return SimulatedWindow(
            identity: question.identity, tokens: question.tokens, activations: shares,
            isPositive: question.isPositive, block: question.block, document: question.document)
    }
}
