internal import LanguageModels
internal import LinearAlgebra

/// A thread of a judge, with the helpers that work for it.
final class JudgeWorker {
    private let model: LanguageModel
    private let activations: ActivationPrecision
    private let team: WorkTeam?
    private let limits: GenerationLimits
    private var session: GenerationSession?
    private var batch: GenerationBatch?

    init(_ model: LanguageModel, _ activations: ActivationPrecision, helpers: Int = 0) {
        self.model = model
        self.activations = activations
        // A prompt that is read again is computed again.
        var limits = GenerationLimits(model: model)
        limits.prefixBytes = 0
        self.limits = limits
        team = helpers > 0 ? WorkTeam(name: "judge-help", helpers: helpers) : nil
    }

    /// Reads a prompt from its first token on.
    func read(_ prompt: [UInt32]) throws {
        let session = try session ?? GenerationSession(model: model, activations: activations)
        self.session = session
        session.truncate(to: 0)
        _ = try session.extend(prompt)
    }

    /// Reads a prompt as a judge reads one while it has no other: with all helpers, and nothing known of it.
    func readHelped(_ prompt: [UInt32]) throws {
        let batch = try batch ?? GenerationBatch(model: model, limits: limits, activations: activations, team: team)
        self.batch = batch
        _ = try batch.join(GenerationRequest(prompt: prompt, purpose: .logits))
        while batch.count > 0 {
            for event in batch.step(helpers: team?.helpers ?? 0) {
                if case .failed(let error) = event.outcome { throw error }
            }
        }
    }

    /// Reads some prompts, each of which is to be continued by `tokens` tokens.
    ///
    /// The first comes from the prompt's own logits, so one more is asked for than `write` computes.
    func prepare(_ prompts: [[UInt32]], tokens: Int) throws {
        let batch = try GenerationBatch(model: model, activations: activations, team: team)
        self.batch = batch
        var waiting = Set<Int>()
        for prompt in prompts {
            waiting.insert(try batch.join(GenerationRequest(prompt: prompt, maximumTokens: tokens + 1)))
        }
        while !waiting.isEmpty { for event in batch.step() { waiting.remove(event.job) } }
    }

    /// Writes what is left of every answer.
    func write() {
        while let batch, batch.count > 0 { _ = batch.step(helpers: team?.helpers ?? 0) }
    }
}
