package import Elements
import Inference
import Statistics

/// Has a judge find, without any explanation, the window that does not belong among windows in which a latent fires: whether there
/// is something to be explained at all.
///
/// Source: arXiv 2507.08473 (intruder detection).
public enum IntruderScorer: JudgedScoringMethod {
    package static let name = "intruder"
    package static let scale = MethodScale(
        range: 0...1, figure: .other("the share of trials in which it is found; chance is one in a trial's windows"),
        constant: .largestMean(details: (1...9).map(share), instead: chance),
        reason: "the number that would be right most often on the trials at hand")
    package static let topic = ScoringTopic.latents(control: IntruderPlan.silent)
    package static let needs = ModelNeeds.answers
    package static let controlNote = ControlNote(
        rests: "trials in which the latent is silent in every window, under the marks of others",
        absent: "no trial of silent windows alone has been judged")
    /// The name under which a score reports what guessing gives.
    static let chance = "chance"

    /// The name under which a score reports how often the intruder stands at a place, from 1.
    static func share(at place: Int) -> String { "intruder_at_\(place)" }

    package static func plan(
        _ subject: PlanSubject, on evidence: PlanEvidence, settings: IntruderSettings
    ) throws(ScoringError) -> IntruderPlan {
        try IntruderPlan(
            subject: subject, heldOut: evidence.heldOut, settings: settings, tokens: evidence.tokenDecoder)
    }

    /// The share of trials in which the intruder is found; chance is one divided by the number of windows.
    ///
    /// An answer that cannot be read is failed and not wrong. Throws `ScoringError` if the judge is not the one planned
    /// for, lacks log-probabilities that were asked for, or gave too few answers (kind `judgeFailed`).
    package static func run(_ plan: IntruderPlan, with tools: ScoringTools) async throws(ScoringError) -> Score {
        let (judge, tokenDecoder) = (tools.judge, tools.tokenDecoder)
        try plan.subject.check(judge)
        guard plan.settings.form == .list || judge.offersLogProbabilities else {
            throw ScoringError(
                .unsupported, "\(judge.name) gives no log-probabilities; ask it for a number (`answers: text`)")
        }
        let given = await GivenAnswers.asking(plan.asked, concurrency: tools.concurrency) {
            (trial, cost) async throws(InferenceError) -> Int in
            let prompt = IntruderPrompt.prompt(trial, tokenDecoder: tokenDecoder)
            switch plan.settings.form {
            case .list:
                let answer = try await judge.complete(prompt, maximumTokens: plan.settings.maximumTokens)
                cost = CallCost(answer)
                guard let place = IntruderAnswer.place(in: try answer.whole(), count: trial.windows.count) else {
                    throw InferenceError(
                        .badAnswer, "no number from 1 to \(trial.windows.count) in the answer: \(answer.start)")
                }
                return place
            case .logProbabilities:
                let answer = try await judge.logProbabilities(of: IntruderPrompt.answers(trial), after: prompt)
                cost = CallCost(answer)
                guard let best = answer.values.filter({ !$0.isNaN }).max(), best.isFinite,
                    let place = answer.values.firstIndex(of: best), trial.windows.indices.contains(place)
                else { throw InferenceError(.badAnswer, "no log-probability of any of the numbers in the answer") }
                return place
            }
        }
        try given.check()
        return score(plan, answers: given.answers, cost: given.cost)
    }

    /// The score of some answers, the place named in each of the plan's `asked`; `nil` for each that failed.
    static func score(_ plan: IntruderPlan, answers: [Int?], cost: CallCost) -> Score {
        let judged = zip(plan.trials, answers).compactMap { trial, answer in answer.map { (trial, $0) } }
        func accuracy(where takes: (IntruderTrial) -> Bool) -> Estimate? {
            let taken = judged.filter { takes($0.0) }
            return Wilson.interval(successes: taken.count { $0.0.intruder == $0.1 }, of: taken.count)
        }
        let headline = accuracy { _ in true }
        var details = plan.subject.heldOut.details
        for block in Set(judged.map(\.0.block)).sorted() {
            details["accuracy_block_\(block)"] = accuracy { $0.block == block }
        }
        let guessed = 1 / Double(max(plan.trials.first?.windows.count ?? 1, 1))
        details[chance] = Estimate(value: guessed, lower: guessed, upper: guessed, count: plan.trials.count)
        for place in 0..<(plan.trials.first?.windows.count ?? 0) {
            details[share(at: place + 1)] = Wilson.interval(
                successes: judged.count { $0.0.intruder == place }, of: judged.count)
        }
        details[CurrentEstimate.name] = current(plan, answers: answers)
        var score = plan.score(
            method: name, headline: headline, details: details, judged: judged.count,
            failed: answers.count { $0 == nil }, cost: cost)
        score.replicates = replicates(of: judged)
        return score
    }

    /// The share found on resampled documents; `nil` if a document is not known.
    ///
    /// A trial belongs to the documents of all its windows alike: whether the intruder is found depends on how plain the
    /// others make what they share as much as on how it differs, and a document may stand here as the intruder's and there
    /// among the others.
    private static func replicates(of judged: [(IntruderTrial, Int)]) -> ScoreReplicates? {
        ScoreReplicates(
            documents: judged.map { trial, _ in trial.windows.map(\.document) },
            values: judged.map { trial, answer in trial.intruder == answer ? 1 : 0 })
    }

    /// The current share: a trial of recent windows weighs as a recent window does; `nil` if there is none.
    private static func current(_ plan: IntruderPlan, answers: [Int?]) -> Estimate? {
        guard let fresh = plan.fresh else { return nil }
        let isRecent = fresh.isRecent + fresh.trials.map { _ in true }
        let hits = zip(zip(plan.asked, isRecent), answers).compactMap { asked, answer in
            answer.map { (isFound: $0 == asked.0.intruder, isRecent: asked.1) }
        }
        return CurrentEstimate.rate(of: hits)
    }
}
