/// What a judge is asked to tell apart.
public enum JudgedMethod: String, Sendable, Hashable, Codable, CaseIterable {
    /// Windows in which the latent fires from windows in which it is silent.
    case detection
    /// Marks on the tokens at which the latent fires from the same marks put elsewhere.
    case fuzzing
}

/// How a judge's verdicts are asked for.
public enum AnswerForm: String, Sendable, Hashable, Codable, CaseIterable {
    /// Several examples in one prompt, answered by a JSON list of 0 and 1.
    case list
    /// One example in one prompt, answered by the log-probabilities of yes and no.
    case logProbabilities = "log-probabilities"
}

/// When a probability of yes counts as yes.
public enum VerdictRule: Sendable, Hashable, Codable, CustomStringConvertible {
    /// At this probability or above it.
    case atLeast(Double)
    /// Above the median of all probabilities in the set: for judges that lean to one side. Uses no label.
    case aboveMedian

    /// The rule in words, as results state it.
    public var description: String {
        switch self {
        case .atLeast(let probability): "P(yes) >= \(probability)"
        case .aboveMedian: "P(yes) above the set's median"
        }
    }
}

/// The headline of a judged score.
public enum JudgedFigure: String, Sendable, Hashable, Codable {
    /// The area under the ROC curve of the probabilities: whichever way a judge leans, it is the same.
    case area
}

/// Settings of the judged scorers.
public struct JudgedSettings: Sendable, Hashable, Codable {
    /// The method.
    public var method: JudgedMethod
    /// The form of the answers.
    public var form: AnswerForm
    /// The most held-out positives.
    public var positives = 50
    /// The most negatives; fuzzing has the same number as positives.
    public var negatives = 50
    /// Blocks of rank from which positives are drawn evenly.
    public var quantiles = 10
    /// Examples in one prompt (form `list`).
    public var examplesPerPrompt = 5
    /// When a probability counts as yes (form `logProbabilities`).
    public var rule = VerdictRule.atLeast(0.5)
    /// The longest answer in tokens of the judge (form `list`).
    public var maximumTokens = 64
    /// Resamples of the bootstrap.
    public var resamples = 1000
    /// When to stop before everything has been asked; `nil` for never.
    public var stopping: Stopping?

    /// The headline, if it is not the balanced accuracy under `rule`; for all questions asked one by one.
    public var figure: JudgedFigure?
    /// Windows of the train side of each class asked about besides, from which a threshold can be fitted; `nil` for none.
    public var calibration: Int?
    /// The tokens of a window that are shown, round where the latent fires most; `nil` for all of them.
    public var clip: Int?

    /// Makes the default settings of a method.
    public init(method: JudgedMethod, form: AnswerForm = .list) {
        self.method = method
        self.form = form
    }

    var named: [String: String] {
        var named = [
            "form": form.rawValue, "positives": "\(positives)", "negatives": "\(negatives)",
            "quantiles": "\(quantiles)", "examplesPerPrompt": "\(examplesPerPrompt)", "rule": "\(rule)",
            "maximumTokens": "\(maximumTokens)", "resamples": "\(resamples)",
        ]
        named["stopping"] = stopping?.named
        named["figure"] = figure?.rawValue
        named["calibration"] = calibration.map { "\($0)" }
        named["clip"] = clip.map { "\($0)" }
        return named
    }
}
