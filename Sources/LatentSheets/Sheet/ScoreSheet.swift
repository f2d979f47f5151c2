import Elements
import Hashing
import Interchange
import Scoring
package import Store

/// All that is known of one score: what its page and the API show.
package struct ScoreSheet: Sendable, Hashable, Codable {
    /// The version of the form.
    package var v = LatentSheet.version
    /// The coder.
    package var coder: SheetCoder
    /// The latent.
    package var latent: Int
    /// The explanation that was scored; empty if the latent was scored as it is.
    package var text: String
    /// The explain node.
    package var explainedBy: String
    /// The job that made the explanation.
    package var explanation: String
    /// The name of the control that this is; `nil` for a score of the latent's own explanation.
    package var controlName: String?
    /// When it was made, RFC 3339.
    package var made: String
    /// What the headline is, in a sentence.
    package var figure: String
    /// The score.
    package var score: SheetScore
    /// How answers and truth agree; `nil` if no verdicts were kept.
    package var verdicts: VerdictTable?
    /// What was asked; `nil` likewise.
    package var examples: ExampleGroup?
    /// Tokens sent to a model.
    package var tokensIn: Int
    /// Those that it had read before, as far as it says.
    package var tokensCached: Int?
    /// Tokens it answered with.
    package var tokensOut: Int

    /// The latent as results name it.
    package var key: LatentKey { LatentKey(coder: coder.name, latent: latent) }

    init(
        _ dated: (score: Score, made: Int64), among standing: [Score], coder: SheetCoder, verdicts kept: KeptVerdicts?,
        examples: ExampleGroup?
    ) {
        let score = dated.score
        self.coder = coder
        latent = score.latent
        text = score.text
        explainedBy = score.explainedBy
        explanation = score.explanation.description
        controlName = score.control
        made = Timestamp.text(dated.made)
        let isArea = score.uncalibrated != nil
        figure = (isArea ? MethodScale.area : ScoringMethods.ofScores(score.method).scale).sentence
        // A control has none of its own.
        self.score = score.control == nil ? SheetScore(score, among: standing) : SheetScore(score, control: nil)
        verdicts = kept.map { VerdictTable($0) }
        self.examples = examples
        tokensIn = score.tokensIn
        tokensCached = score.tokensCached
        tokensOut = score.tokensOut
    }
}

/// How often a judge said yes, by what is true.
package struct VerdictTable: Sendable, Hashable, Codable {
    /// Answers about windows of one kind.
    package struct Row: Sendable, Hashable, Codable {
        /// The answers that the explanation fits.
        package var yes = 0
        /// The answers that it does not.
        package var no = 0
        /// Those that could not be read.
        package var failed = 0

        /// All that were asked.
        package var asked: Int { yes + no + failed }

        mutating func count(_ isYes: Bool?) {
            switch isYes {
            case true?: yes += 1
            case false?: no += 1
            case nil: failed += 1
            }
        }
    }

    /// Windows in which the latent fires.
    package var firing = Row()
    /// Windows in which it is silent, or whose marks are not its own.
    package var silent = Row()
    /// Firing windows by block of rank, the strongest first; empty if these were not noted.
    package var byStrength: [Row] = []

    init(_ verdicts: KeptVerdicts) {
        var blocks: [Int: Row] = [:]
        for example in verdicts.examples {
            guard example.isPositive else {
                silent.count(example.isYes)
                continue
            }
            firing.count(example.isYes)
            if let block = example.block { blocks[block, default: Row()].count(example.isYes) }
        }
        byStrength = blocks.sorted { $0.key < $1.key }.map(\.value)
    }
}
