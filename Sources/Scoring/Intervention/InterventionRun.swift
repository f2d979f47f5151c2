import Dataflow
import Elements
import Inference

/// One plan under way.
struct InterventionRun: Sendable {
    let plan: InterventionPlan
    let models: InterventionModels
    let text: any TokenText
    let compute: ComputePool<Void>
    let memory: InterventionMemory

    /// Throws where a model is not the one planned for, or cannot do what is needed.
    func checkModels() throws(ScoringError) {
        let planned = [
            ("the subject", plan.subject, models.subject.digest),
            (plan.explainer, plan.explainerDigest, models.explainer.digest),
            (plan.scorer, plan.scorerDigest, models.scorer.digest),
        ]
        for (name, digest, found) in planned where digest != found {
            throw ScoringError(.modelChanged, "planned for \(name) (\(digest)), but another one (\(found)) is at hand")
        }
        guard models.scorer.offersLogProbabilities else {
            throw ScoringError(.unsupported, "\(models.scorer.name) gives no log-probabilities; name another `scorer`")
        }
    }

    func score() async throws(ScoringError) -> Score {
        let own = trial(plan.prompts)
        let tuned = try await tuned(own)
        let output: Output
        if let explained = plan.explained {
            let other = trial(explained)
            // What the other latent's own score pays for is not counted here.
            output = Output(text: try await explanation(other, try await self.tuned(other)).text)
        } else {
            output = try await explanation(own, tuned)
        }
        let passages = try await passages(own, tuned)
        let ablation = plan.control == nil ? try await ablation(own) : nil
        let explanations = [output.text] + [ablation?.output?.text].compactMap(\.self)
        let judging = PassageJudging(scorer: models.scorer, text: text)
        let readings = try await judging.readings(
            of: explanations, behind: passages.clean + passages.changed + (ablation?.passages ?? []))
        let count = passages.clean.count
        let tally = InterventionTally(
            plan: plan, tuned: tuned, explanation: output.text,
            drops: Self.drops(readings[..<count], readings[count..<2 * count], explanation: 0),
            ablation: ablation.map { ablation in
                InterventionTally.Ablation(
                    divergences: ablation.divergences,
                    drops: Self.drops(readings[..<count], readings[(2 * count)...], explanation: 1))
            },
            tokensIn: output.tokensIn + (ablation?.output?.tokensIn ?? 0) + readings.reduce(0) { $0 + $1.tokens },
            tokensOut: output.tokensOut + (ablation?.output?.tokensOut ?? 0))
        return try tally.score()
    }

    /// By how much each passage makes an explanation less surprising, in nats; `nil` where that is not known.
    private static func drops(
        _ clean: ArraySlice<PassageJudging.Reading>, _ changed: ArraySlice<PassageJudging.Reading>, explanation: Int
    ) -> [Double?] {
        zip(clean, changed).map { clean, changed in
            guard let before = clean.values, let after = changed.values, explanation < before.count,
                explanation < after.count
            else { return nil }
            return after[explanation] - before[explanation]
        }
    }

    private func trial(_ prompts: InterventionPrompts) -> InterventionTrial {
        InterventionTrial(
            prompts: prompts, settings: plan.settings, seed: plan.seed, subject: models.subject, compute: compute)
    }

    private func key(_ trial: InterventionTrial) -> InterventionMemory.Key {
        InterventionMemory.Key(
            prompts: trial.prompts, settings: plan.settings, seed: plan.seed, subject: plan.subject,
            explainer: plan.explainerDigest)
    }

    private func tuned(_ trial: InterventionTrial) async throws(ScoringError) -> InterventionTrial.Tuned {
        if let tuned = memory.entry(key(trial)).tuned { return tuned }
        let tuned = try await trial.tuned()
        memory.note(key(trial)) { $0.tuned = tuned }
        return tuned
    }

    private func passages(
        _ trial: InterventionTrial, _ tuned: InterventionTrial.Tuned
    ) async throws(ScoringError) -> InterventionMemory.Passages {
        if let passages = memory.entry(key(trial)).passages { return passages }
        let passages = InterventionMemory.Passages(
            clean: try await trial.passages(under: nil), changed: try await trial.passages(under: .add(tuned.strength)))
        memory.note(key(trial)) { $0.passages = passages }
        return passages
    }

    /// What an explainer said, and what that cost.
    private struct Output {
        let text: String
        var tokensIn = 0
        var tokensOut = 0
    }

    private func explanation(
        _ trial: InterventionTrial, _ tuned: InterventionTrial.Tuned
    ) async throws(ScoringError) -> Output {
        if plan.explained != nil, let text = memory.entry(key(trial)).explanation { return Output(text: text) }
        let effects = try await trial.effects(under: .add(tuned.strength))
        guard let output = try await output(of: effects) else {
            throw ScoringError(
                .judgeFailed,
                "latent \(trial.prompts.latent): \(models.explainer.name) said nothing about what the intervention does"
            )
        }
        memory.note(key(trial)) { $0.explanation = output.text }
        return output
    }

    /// Asks what effects have in common; `nil` where there are none, or nothing was said.
    private func output(of effects: [OutputPrompt.Effect]) async throws(ScoringError) -> Output? {
        guard effects.contains(where: { !$0.rising.isEmpty }) else { return nil }
        let answer: Completion
        do throws(InferenceError) {
            answer = try await models.explainer.complete(
                OutputPrompt.prompt(for: effects, text: text), maximumTokens: plan.settings.explanationTokens)
        } catch {
            throw ScoringError(asking: error)
        }
        return OutputPrompt.parse(answer.text).map {
            Output(text: $0, tokensIn: answer.tokensIn, tokensOut: answer.tokensOut)
        }
    }

    /// What ablating the latent does; without an output and passages where nothing becomes likelier.
    private struct Ablation {
        let divergences: [Double]
        var output: Output?
        var passages: [[UInt32]] = []
    }

    private func ablation(_ trial: InterventionTrial) async throws(ScoringError) -> Ablation {
        let clean = try await trial.logits(after: trial.prompts.scoring)
        let shifts = try await trial.shifts(after: trial.prompts.scoring, clean: clean, under: .ablate)
        var ablation = Ablation(divergences: shifts.map(\.divergence))
        ablation.output = try await output(of: try await trial.effects(under: .ablate))
        if ablation.output != nil { ablation.passages = try await trial.passages(under: .ablate) }
        return ablation
    }
}
