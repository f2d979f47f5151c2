public import Dataflow
public import Hashing
public import LanguageModels

/// A language model in this process as a judge.
///
/// Callers are worked on side by side. What a prompt shares from the start with an earlier one is not computed again, so that
/// instructions, examples and an explanation are computed once for many questions; keys and values of earlier prompts take up
/// to 256 MiB, those of questions at work up to 256 MiB or one longest context for each worker.
public struct InProcessModel: LanguageModelClient {
    /// The model's name.
    public let name: String
    /// The model's digest, and if activations are rounded, that they are.
    public let digest: Hash128
    /// Always: the weights are here.
    public var offersLogProbabilities: Bool { true }

    /// What answers, for questions about tokens.
    public let model: BatchedModel
    let chat: ChatRenderer
    private let maximumContext: Int

    /// Makes a judge; each of `workers` threads answers many prompts side by side.
    public init(
        model: LanguageModel, chat: ChatRenderer, workers: Int, permits: CorePermits?,
        activations: ActivationPrecision = .f32
    ) {
        self.init(
            model: BatchedModel(model: model, workers: workers, permits: permits, activations: activations), chat: chat)
    }

    /// Makes a judge of a model that others may use, too.
    public init(model: BatchedModel, chat: ChatRenderer) {
        self.model = model
        self.chat = chat
        name = model.model.name
        digest = model.digest
        maximumContext = model.model.configuration.maximumContext
    }

    /// The number of tokens of a prompt.
    public func tokens(in prompt: Prompt) -> Int? { chat.render(prompt).count }

    /// Answers a prompt greedily in at most `maximumTokens` tokens.
    public func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
        try await answer(prompt, maximumTokens: maximumTokens, sampling: .greedy)
    }

    /// Answers a prompt by draws that follow from the seed alone: the same one gives the same answer.
    public func complete(
        _ prompt: Prompt, maximumTokens: Int, drawn sampling: AnswerSampling
    ) async throws(InferenceError) -> Completion {
        try await answer(prompt, maximumTokens: maximumTokens, sampling: sampling.ofTokens())
    }

    private func answer(
        _ prompt: Prompt, maximumTokens: Int, sampling: Sampling
    ) async throws(InferenceError) -> Completion {
        let tokens = try checked(chat.render(prompt), room: maximumTokens)
        let answer = try await model.answer(
            to: GenerationRequest(
                prompt: tokens, maximumTokens: maximumTokens, stop: chat.stops, sampling: sampling))
        return Completion(
            text: chat.decode(answer.tokens), tokensIn: tokens.count, tokensOut: answer.tokens.count,
            tokensCached: answer.known, isCutOff: answer.tokens.count >= maximumTokens)
    }

    /// The log-probabilities of whole answers, the sums of their tokens'.
    public func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
        -> AnswerLogProbabilities
    {
        let answers = answers.map(chat.encode)
        guard answers.allSatisfy({ !$0.isEmpty }) else {
            throw InferenceError(.unsupported, "an answer to be judged is empty")
        }
        let tokens = try checked(chat.render(prompt), room: answers.map(\.count).max() ?? 1)
        let judgement = try await model.judgement(of: answers, after: tokens)
        return AnswerLogProbabilities(
            values: judgement.values.map { $0.reduce(0, +) }, tokensIn: tokens.count, tokensCached: judgement.known)
    }

    func checked(_ tokens: [UInt32], room: Int) throws(InferenceError) -> [UInt32] {
        guard !tokens.isEmpty else { throw InferenceError(.unsupported, "the prompt has no tokens") }
        // Without a sum that a large number could make overflow.
        guard tokens.count <= maximumContext, room <= maximumContext - tokens.count else {
            throw InferenceError(
                .tooLong,
                "the prompt has \(tokens.count) tokens and the answer may have \(room), but \(name) takes \(maximumContext) in all"
            )
        }
        return tokens
    }
}

extension AnswerSampling {
    /// The same for the tokens of a model in this process.
    fileprivate func ofTokens() throws(InferenceError) -> Sampling {
        try checkTemperature()
        do throws(ModelError) {
            return try Sampling(temperature: Float(temperature), seed: seed)
        } catch {
            throw InferenceError(.unsupported, "\(error)")
        }
    }
}
