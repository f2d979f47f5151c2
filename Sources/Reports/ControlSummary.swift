public import Elements
import Foundation
import Scoring
import Statistics

/// The result of a method when there is nothing to find.
public struct ControlSummary: Sendable {
    /// The control's name.
    public let name: String
    /// The latents it rests on; 0 for one that is known in closed form.
    public let latents: Int
    /// The mean with its 95 % interval; `nil` if the control is not available.
    public let mean: Estimate?
    /// Its basis, or the reason why it is not available.
    public let note: String

    /// Scores of a coder with random directions.
    static let randomCoder = "random_coder"
    /// The same, over latents that fire as often as the coder's own.
    static let matchedRandomCoder = "random_coder_matched"
    /// The same answer to every question.
    static let constant = "constant_answers"

    /// The controls of a method; `random` is `nil` if the coder is itself a random one.
    ///
    /// `controlled` are the scores of the method's own controls.
    static func all(method: String, scores: [Score], controlled: [Score], random: [Score]?) -> [ControlSummary] {
        let known = ScoringMethods.ofScores(method)
        // A method that shows no explanation has a control of its own in place of exchanged ones.
        let exchanged = known.topic.control
        var controls = [
            ControlSummary(
                exchanged, controlled.filter { $0.control == exchanged }, rests: known.controlNote.rests,
                absent: known.controlNote.absent)
        ]
        if let random {
            controls.append(
                ControlSummary(
                    randomCoder, random, rests: "an encode node with `coder: random` at the same hookpoint",
                    absent: "no encode node with `coder: random` at this hookpoint has scores of this method"))
            if !random.isEmpty { controls.append(matched(scores: scores, random: random)) }
        }
        let marks = scores.compactMap { $0.details["marks_only"] }
        if !marks.isEmpty {
            controls.append(
                ControlSummary(
                    name: MarksOnly.name, latents: marks.count, mean: LatentMean.estimate(of: marks),
                    note: "the best classifier that sees the marks but not the text, fitted on the answers"))
        }
        controls.append(
            ControlSummary(
                name: constant, latents: 0, mean: known.scale.constantValue(of: scores), note: known.scale.reason))
        return controls
    }

    private static func matched(scores: [Score], random: [Score]) -> ControlSummary {
        guard
            let control = MatchedControl(
                trained: scores.compactMap(LatentValue.init), random: random.compactMap(LatentValue.init))
        else {
            return ControlSummary(
                name: matchedRandomCoder, latents: 0, mean: nil,
                note: "fewer than half of the scored latents have two of the random coder in their tenth by firing rate"
            )
        }
        return ControlSummary(
            name: matchedRandomCoder, latents: control.latents, mean: control.mean,
            note: String(
                format:
                    "random_coder weighed to the firing rates of %.0f %% of the scored latents, whose own mean is %.3f",
                100 * control.covered, control.trained))
    }

    private init(name: String, latents: Int, mean: Estimate?, note: String) {
        self.name = name
        self.latents = latents
        self.mean = mean
        self.note = note
    }

    private init(_ name: String, _ scores: [Score], rests: String, absent: String) {
        let values = scores.compactMap(LatentValue.init)
        let mean = LatentMean(of: values, range: ScoringMethods.ofScores(scores.first?.method ?? "").scale.range)
        self.init(name: name, latents: values.count, mean: mean?.estimate, note: mean == nil ? absent : rests)
    }
}
