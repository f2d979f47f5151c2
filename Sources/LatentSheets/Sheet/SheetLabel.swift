package import Elements
import Hashing
import Scoring
import Statistics
import Store
import TerminalText

/// An explanation that stands, with its scores.
package struct SheetLabel: Sendable, Hashable, Codable {
    /// The explain node.
    package var node: String
    /// The job that made it.
    package var job: String
    /// What it says; empty of a node that says nothing and whose latents are scored as they are.
    package var text: String
    /// What each part of it says and which share of the latent's mass it has; empty unless meanings are told apart.
    package var parts: [Part]
    /// The explainer, such as `lexical`.
    package var explainer: String
    /// The model that wrote it; `nil` if none was asked.
    package var model: String?
    /// `human` if a person gave it; `nil` if it was worked out.
    package var origin: String?
    /// `true` if it is pinned: it stands whatever scores better; `nil` otherwise.
    package var pinned: Bool?
    /// The version of the prompt or the algorithm.
    package var promptVersion: String
    /// When it was made, RFC 3339.
    package var made: String
    /// The checkpoint whose evidence it rests on.
    package var epoch: UInt64
    /// The number of windows that were shown.
    package var shown: Int
    /// Why it is due to be made again; `nil` if it is not, or no evidence is known.
    package var stale: SheetStaleness?
    /// Its scores, the latest of each score node.
    package var scores: [SheetScore]

    /// One of several meanings.
    package struct Part: Sendable, Hashable, Codable {
        /// What it says.
        package var text: String
        /// The share of the latent's activation mass.
        package var weight: Double
    }

    init(
        _ explanation: Explanation, made: Int64, isPinned: Bool = false, stale: SheetStaleness? = nil,
        scores: [SheetScore]
    ) {
        node = explanation.node
        job = explanation.job.description
        text = explanation.text
        parts = (explanation.parts?.parts ?? []).map { Part(text: $0.text, weight: $0.weight) }
        explainer = explanation.provenance.explainer
        model = explanation.provenance.model
        origin = explanation.provenance.origin
        pinned = isPinned ? true : nil
        promptVersion = explanation.provenance.promptVersion
        self.made = Timestamp.text(made)
        epoch = explanation.provenance.epoch
        shown = explanation.provenance.shown.count
        self.stale = stale
        self.scores = scores
    }
}

/// A value with its 95 % interval.
package struct SheetFigure: Sendable, Hashable, Codable {
    /// The name, such as `true_positive_rate`.
    package var name: String
    /// The value.
    package var value: Double
    /// The lower end of the interval.
    package var lower: Double
    /// The upper end.
    package var upper: Double
    /// The number of observations.
    package var count: Int

    init(_ name: String, _ estimate: Estimate) {
        self.name = name
        value = estimate.value
        lower = estimate.lower
        upper = estimate.upper
        count = estimate.count
    }

    /// The value and the interval, such as `.84 [.76–.90]`.
    package var text: String { FigureText.figure(value, lower, upper) }
}

/// What one method found of one explanation.
package struct SheetScore: Sendable, Hashable, Codable {
    /// The score node.
    package var node: String
    /// The method.
    package var method: String
    /// The job that made it.
    package var job: String
    /// The headline; `nil` if nothing could be judged, and then no number stands for it.
    package var headline: SheetFigure?
    /// The examples that were judged.
    package var judged: Int
    /// Those whose verdict failed.
    package var failed: Int
    /// What answers that know nothing give; `nil` if it is not known.
    package var chance: Double?
    /// The latest control of the same node for this latent, such as the score of another latent's explanation.
    package var control: SheetFigure?
    /// Why not to trust it, each in a few words; empty if nothing speaks against it.
    package var doubts: [String]
    /// Further figures, by name.
    package var details: [SheetFigure]

    /// A score, with a control if there is one.
    package init(_ score: Score, control: Score?) {
        node = score.node
        method = score.method
        job = score.job.description
        headline = score.headline.map { SheetFigure("headline", $0) }
        judged = score.judged
        failed = score.failed
        chance = ScoreDoubts.chance(of: score)
        self.control = control.flatMap { control in
            control.headline.map { SheetFigure(control.control ?? "control", $0) }
        }
        details = score.details.sorted { $0.key < $1.key }.map { SheetFigure($0, $1) }
        doubts = ScoreDoubts.about(score, control: control?.headline)
    }

    /// A score with the latest control of its node among the scores of the same latent.
    init(_ score: Score, among scores: [Score]) {
        self.init(
            score,
            control: scores.first {
                $0.control != nil && $0.node == score.node && $0.explainedBy == score.explainedBy
            })
    }

    /// One line, such as `detection .84 [.76–.90] n=100 f=0`; a score that failed has no number.
    package var text: String { "\(method) \(headline?.text ?? "?") n=\(judged) f=\(failed)" }
}
