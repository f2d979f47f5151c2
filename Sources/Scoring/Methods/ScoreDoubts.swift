package import Elements
import TerminalText

/// What speaks against a score, each in a few words: the same wherever a score is shown.
package enum ScoreDoubts {
    /// The share of verdicts that may fail before a score is named for it.
    private static let tolerated = 0.1

    /// What answers that know nothing would have given in place of a score; `nil` if it is not known.
    package static func chance(of score: Score) -> Double? {
        ScoringMethods.ofScores(score.method).scale.constantValue(of: [score])?.value
    }

    /// Why not to trust a score; empty if nothing speaks against it.
    ///
    /// - Parameter control: The headline of the latest control of the same node for the same latent; `nil` if there is none.
    package static func about(_ score: Score, control: Estimate?) -> [String] {
        guard let headline = score.headline else { return ["nothing could be judged"] }
        var doubts: [String] = []
        if let chance = chance(of: score) {
            if headline.upper < chance {
                doubts.append("below chance (\(FigureText.number(chance)))")
            } else if headline.lower <= chance {
                doubts.append("not told from chance (\(FigureText.number(chance)))")
            }
        }
        if let control, control.value >= headline.value {
            doubts.append("its control is as high (\(FigureText.number(control.value)))")
        }
        let asked = score.judged + score.failed
        if Double(score.failed) > tolerated * Double(asked) {
            doubts.append("\(score.failed) of \(asked) verdicts failed")
        }
        return doubts
    }
}
