import Dataflow
import Elements
import Inference

/// One plan under way.
struct InterventionRun: Sendable {
    let plan: InterventionPlan
    let models: InterventionModels
    let tokenDecoder: any TokenDecoder
    let compute: ComputePool<Void>
    let memory: InterventionMemory

    /// Throws if a model is not the one planned for, or cannot do what is needed.
    func checkModels() throws(ScoringError) {
        let planned = [
            ("the subject", plan.subject, models.subject.digest),
            (plan.explainer, plan.explainerDigest, models.explainer.digest),
            (plan.scorer, plan.scorerDigest, models.scorer.digest),
        ]
        for (name, digest, found) in planned where digest != found {
            throw ScoringError(.modelChanged, "planned for \(name) (\(digest)), but another one (\(found)) is at hand")
        }
        guard models.scorer.readsTexts else {
            throw ScoringError(
                .unsupported,
                "\(models.scorer.name) gives no probabilities of a given text; name another `scorer`: a model in this process, or a server with /completions, echo and logprobs"
            )
        }
    }

    func score() async throws(ScoringError) -> Score {
        let own = trial(plan.prompts)
        let tuned = try await tuned(own)
        var output: OutputExplaining.Output
        if let explained = plan.explained {
            let other = trial(explained)
            output = try await self.output(other, try await self.tuned(other))
            // What the other latent's own score pays for is not counted here.
            (output.tokensIn, output.tokensOut) = (0, 0)
        } else {
            output = try await self.output(own, tuned)
        }
        let passages = try await passages(own, tuned)
        let ablation = plan.control == nil ? try await ablation(own) : nil
        let judging = PassageJudging(scorer: models.scorer, tokenDecoder: tokenDecoder)
        let readings = try await judging.readings(
            of: output.texts + [ablation?.output?.text].compactMap(\.self),
            after: passages.clean + passages.changed + (ablation?.passages ?? []))
        let count = passages.clean.count
        let tally = InterventionTally(
            plan: plan, tuned: tuned, explanation: output.text, chosen: output.chosen,
            drops: output.texts.map { Self.drops(of: $0, readings[..<count], readings[count..<2 * count]) },
            ablation: ablation.map { ablation in
                InterventionTally.Ablation(
                    divergences: ablation.divergences,
                    drops: ablation.output.map {
                        Self.drops(of: $0.text, readings[..<count], readings[(2 * count)...])
                    } ?? [])
            },
            tokensIn: output.tokensIn + (ablation?.output?.tokensIn ?? 0) + readings.reduce(0) { $0 + $1.tokens },
            tokensOut: output.tokensOut + (ablation?.output?.tokensOut ?? 0))
        return try tally.score()
    }

    /// By how much each passage makes an explanation less surprising, in nats; `nil` if that is not known.
    private static func drops(
        of explanation: String, _ clean: ArraySlice<PassageJudging.Reading>,
        _ changed: ArraySlice<PassageJudging.Reading>
    ) -> [Double?] {
        zip(clean, changed).map { clean, changed in
            guard let before = clean.values[explanation], let after = changed.values[explanation] else { return nil }
            return after - before
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

    private func output(
        _ trial: InterventionTrial, _ tuned: InterventionTrial.Tuned
    ) async throws(ScoringError) -> OutputExplaining.Output {
        if plan.explained != nil, let output = memory.entry(key(trial)).output { return output }
        let effects = try await trial.effects(under: .add(tuned.strength))
        guard let output = try await explaining.output(of: effects, latent: trial.prompts.latent) else {
            throw ScoringError(
                .judgeFailed,
                "latent \(trial.prompts.latent): \(models.explainer.name) said nothing about what the intervention does"
            )
        }
        memory.note(key(trial)) { $0.output = output }
        return output
    }

    private var explaining: OutputExplaining {
        OutputExplaining(
            explainer: models.explainer, tokenDecoder: tokenDecoder, settings: plan.settings, seed: plan.seed)
    }

    /// What ablating the latent does; without an output and passages if nothing becomes likelier.
    private struct Ablation {
        let divergences: [Double]
        var output: OutputExplaining.Output?
        var passages: [[UInt32]] = []
    }

    private func ablation(_ trial: InterventionTrial) async throws(ScoringError) -> Ablation {
        let clean = try await trial.logits(after: trial.prompts.scoring)
        let shifts = try await trial.shifts(after: trial.prompts.scoring, clean: clean, under: .ablate)
        var ablation = Ablation(divergences: shifts.map(\.divergence))
        ablation.output = try await explaining.output(
            of: try await trial.effects(under: .ablate), latent: trial.prompts.latent, isOne: true)
        if ablation.output != nil { ablation.passages = try await trial.passages(under: .ablate) }
        return ablation
    }
}
