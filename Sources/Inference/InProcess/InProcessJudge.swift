public import Dataflow
public import Hashing
public import LanguageModels

/// A language model in this process as a judge.
///
/// Each worker keeps the keys and values of its last prompt: what the next one shares with it from the start is not
/// computed again, so that instructions, examples and an explanation are computed once for many questions.
public struct InProcessJudge: Judge {
    /// The model's name.
    public let name: String
    /// The model's digest.
    public let digest: Hash128
    /// Always: the weights are here.
    public var offersLogProbabilities: Bool { true }

    private let pool: ComputePool<PrefixedSession>
    private let chat: ChatRenderer
    private let maximumContext: Int

    /// Makes a judge; `workers` threads answer one prompt each.
    public init(model: LanguageModel, chat: ChatRenderer, workers: Int, permits: CorePermits?) {
        name = model.name
        digest = model.digest
        maximumContext = model.configuration.maximumContext
        self.chat = chat
        pool = ComputePool(name: "judge", threads: workers, permits: permits) {
            PrefixedSession(session: try GenerationSession(model: model))
        }
    }

    /// Answers a prompt greedily in at most `maximumTokens` tokens.
    public func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
        let tokens = try checked(chat.render(prompt), room: maximumTokens)
        let stops = chat.stops
        let answer = try await run { worker in
            try worker.answer(to: tokens, maximumTokens: maximumTokens, stops: stops)
        }
        return Completion(text: chat.decode(answer), tokensIn: tokens.count, tokensOut: answer.count)
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
        let values = try await run { worker in try worker.logProbabilities(of: answers, after: tokens) }
        return AnswerLogProbabilities(values: values, tokensIn: tokens.count)
    }

    private func checked(_ tokens: [UInt32], room: Int) throws(InferenceError) -> [UInt32] {
        guard !tokens.isEmpty else { throw InferenceError(.unsupported, "the prompt has no tokens") }
        guard tokens.count + room <= maximumContext else {
            throw InferenceError(
                .tooLong,
                "the prompt has \(tokens.count) tokens and the answer may have \(room), but \(name) takes \(maximumContext) in all"
            )
        }
        return tokens
    }

    private func run<Output: Sendable>(
        _ work: @escaping @Sendable (PrefixedSession) throws -> Output
    ) async throws(InferenceError) -> Output {
        if Task.isCancelled { throw InferenceError(.cancelled, "the work was called off") }
        do {
            return try await pool.run(work)
        } catch {
            throw InferenceError(.badAnswer, "\(name): \(error)")
        }
    }
}
