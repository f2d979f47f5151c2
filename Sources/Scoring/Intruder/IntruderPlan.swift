public import Elements
public import Hashing

/// Settings of intruder detection.
public struct IntruderSettings: Sendable, Hashable, Codable {
    /// How the judge answers: by text, or by the log-probabilities of the numbers.
    public var form: AnswerForm
    /// The most trials.
    public var trials = 30
    /// Windows shown in one trial, the intruder among them.
    public var windows = 5
    /// Blocks of rank, of which the windows of a trial are all of one; fewer if a latent has too few windows for so many.
    public var quantiles = 10
    /// The longest answer in tokens of the judge (form `list`).
    public var maximumTokens = 32

    /// Makes the default settings of a form.
    public init(form: AnswerForm = .list) { self.form = form }
}

/// Windows, one of which does not belong to the others.
public struct IntruderTrial: Sendable, Hashable, Codable {
    /// A window as it is shown.
    public struct Shown: Sendable, Hashable, Codable {
        /// The window's identity.
        public let identity: Hash128
        /// The token ids.
        public let tokens: [UInt32]
        /// `[tokens]`: which tokens are marked.
        public let marked: [Bool]
        /// 32 bits of the hash of the window's document; `nil` if it is not known.
        public let document: UInt32?
    }

    /// The windows in the order shown.
    public let windows: [Shown]
    /// The place of the intruder among them.
    public let intruder: Int
    /// The block of rank (0 is the strongest) that the others are of.
    public let block: Int
}

/// All that is needed to have a judge look for intruders among the windows of one latent, now or after a restart.
public struct IntruderPlan: SubjectPlan, Hashable {
    /// The name of the control in which all windows are silent ones, so that there is no intruder to be found.
    public static let silent = "silent_windows"

    /// The job's name.
    public let job: JobID
    /// What is scored, and on whose judgement; the explanation's text is not shown.
    public let subject: PlanSubject
    /// The trials.
    public let trials: [IntruderTrial]
    /// Further trials of recent windows that the uniform sample of all time does not hold; `nil` if none is recent.
    public let fresh: FreshTrials?
    /// The settings.
    public let settings: IntruderSettings

    /// What is asked about recent windows besides the trials of the headline, for the current estimate.
    public struct FreshTrials: Sendable, Hashable, Codable {
        /// By trial of the headline: whether all windows in it in which the latent fires are recent.
        public let isRecent: [Bool]
        /// The further trials, at most half the headline's limit.
        public let trials: [IntruderTrial]
    }

    /// All trials: first those of the headline, then the further ones of recent windows.
    var asked: [IntruderTrial] { trials + (fresh?.trials ?? []) }

    /// Chooses the trials; with a control, silent windows stand in place of those in which the latent fires.
    ///
    /// Throws `ScoringError` of kind `tooFewExamples` if there is not one trial.
    public init(
        subject: PlanSubject, heldOut: HeldOutSet, settings: IntruderSettings, tokens: any TokenDecoder
    ) throws(ScoringError) {
        let choice = IntruderChoice(
            latent: subject.latent, seed: subject.seed, settings: settings, tokenDecoder: tokens)
        trials = choice.trials(from: heldOut, isSilent: subject.control != nil)
        guard !trials.isEmpty else {
            throw ScoringError(
                .tooFewExamples,
                "latent \(subject.latent) has \(heldOut.positives.count) held-out windows in which it fires and "
                    + "\(heldOut.negatives.count) in which it is silent; \(IntruderScorer.name) needs "
                    + "\(settings.windows) and as long a silent one")
        }
        // A control has no current latent.
        let fresh = subject.control == nil ? choice.fresh(from: heldOut, besides: trials) : nil
        self.fresh = fresh
        self.subject = subject
        self.settings = settings
        var named = [
            "form": settings.form.rawValue, "trials": "\(settings.trials)", "windows": "\(settings.windows)",
            "quantiles": "\(settings.quantiles)", "maximumTokens": "\(settings.maximumTokens)",
        ]
        if let fresh { named["recent"] = fresh.isRecent.map { $0 ? "1" : "0" }.joined() }
        job = subject.job(
            method: IntruderScorer.name, version: IntruderPrompt.version,
            windows: trials.flatMap { $0.shown(as: 0) } + (fresh?.trials ?? []).flatMap { $0.shown(as: 8) },
            settings: named)
    }
}

extension IntruderTrial {
    /// The windows as they go into a job's name, with a level that says what the trial is for.
    fileprivate func shown(as level: UInt8) -> [ShownWindow] {
        windows.enumerated().map { place, window in
            let truth = level | (place == intruder ? 2 : 0)
            return ShownWindow(tokens: window.tokens, levels: window.marked.map { truth | ($0 ? 1 : 0) })
        }
    }
}
