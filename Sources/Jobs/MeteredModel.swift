package import Hashing
package import Inference
package import Observability
package import Scoring

/// A model whose calls are counted, and refused once the topology's budget is spent.
///
/// It is a judge if the model is one, and an embedder if the model is one.
package struct MeteredModel<Model: Sendable>: Sendable {
    package let model: Model
    package let meter: ModelMeter
}

extension MeteredModel: LanguageModelClient where Model: LanguageModelClient {
    /// Meters a judge, called `label` in the topology; `account` is `nil` for one in this process, which costs nothing.
    package init(judge: Model, label: String, metrics: RunMetrics, account: ModelAccount? = nil) {
        model = judge
        meter = ModelMeter(name: label, metrics: metrics, account: account)
    }

    package var name: String { model.name }
    package var digest: Hash128 { model.digest }
    package var offersLogProbabilities: Bool { model.offersLogProbabilities }
    package var prefersLogProbabilities: Bool { model.prefersLogProbabilities }
    package var readsTexts: Bool { model.readsTexts }
    package var hasSpentBudget: Bool { meter.hasSpentBudget }
    package var hasGivenUp: Bool { model.hasGivenUp }

    package func tokens(in prompt: Prompt) -> Int? { model.tokens(in: prompt) }

    package func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
        try await metered { () async throws(InferenceError) in
            try await model.complete(prompt, maximumTokens: maximumTokens)
        }
    }

    package func complete(
        _ prompt: Prompt, maximumTokens: Int, drawn sampling: AnswerSampling
    ) async throws(InferenceError) -> Completion {
        try await metered { () async throws(InferenceError) in
            try await model.complete(prompt, maximumTokens: maximumTokens, drawn: sampling)
        }
    }

    package func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
        -> AnswerLogProbabilities
    {
        try await metered { () async throws(InferenceError) in
            try await model.logProbabilities(of: answers, after: prompt)
        }
    }

    package func logProbability(of text: String, after prefix: String) async throws(InferenceError)
        -> TextLogProbability
    {
        try await metered { () async throws(InferenceError) in
            try await model.logProbability(of: text, after: prefix)
        }
    }

    package func logProbabilities(
        of texts: [String], after prefix: String
    ) async throws(InferenceError) -> [TextLogProbability] {
        try await metered { () async throws(InferenceError) in
            try await model.logProbabilities(of: texts, after: prefix)
        }
    }

    package func logProbabilities(of alternatives: [String], in text: PlacedText) async throws(InferenceError)
        -> PlacedLogProbabilities
    {
        try await metered { () async throws(InferenceError) in
            try await model.logProbabilities(of: alternatives, in: text)
        }
    }

    private func metered<Answer: TokenCounted>(
        _ call: () async throws(InferenceError) -> Answer
    ) async throws(InferenceError) -> Answer {
        try meter.checkBudget()
        return try await meter.counted(call)
    }
}

extension MeteredModel: TextEmbedder where Model: TextEmbedder {
    /// Meters an embedder, called `label` in the topology.
    package init(embedder: Model, label: String, metrics: RunMetrics, account: ModelAccount?) {
        model = embedder
        meter = ModelMeter(name: label, metrics: metrics, account: account)
    }

    package var name: String { model.name }
    package var digest: Hash128 { model.digest }

    package func embed(_ texts: [String]) async throws -> [TextEmbedding] {
        guard !texts.isEmpty else { return [] }
        try meter.checkBudget()
        return try await meter.counted { try await model.embed(texts) }
    }
}
