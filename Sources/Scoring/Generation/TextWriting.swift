import Hashing
import Inference

/// Has a model write texts for an explanation, or for none.
///
/// What is drawn follows from the explanation and the seed, so that a job that is run again asks the same.
struct TextWriting: Sendable {
    let writer: any LanguageModelClient
    let settings: GenerationSettings
    let seed: UInt64
    let concurrency: Int

    /// What was written.
    struct Written: Sendable {
        /// The texts that count, no two alike; at most as many as are wanted.
        let texts: [String]
        /// How many texts there were that do not count, by fault.
        let faults: [TextSieve.Fault: Int]
        let cost: CallCost
    }

    private struct Request: Sendable {
        let texts: Int
        let sampling: AnswerSampling?
    }

    /// Tokens of a list besides those of a text: its number and what a model writes beyond what is read.
    private static let room = 12

    /// Texts for an explanation; `nil` for none.
    ///
    /// What does not count is asked for once more, by further draws. Throws `ScoringError` of kind `judgeFailed` if no answer came, or
    /// so many failed that more may come later.
    func texts(for explanation: String?) async throws(ScoringError) -> Written {
        var sieve = TextSieve(explanation: explanation)
        var asked: [GivenAnswers<[String]>] = []
        for attempt in 0..<(settings.temperature > 0 ? 2 : 1) {
            let missing = settings.texts - sieve.texts.count
            guard missing > 0 else { break }
            let requests = requests(missing, for: explanation, attempt: attempt)
            let given = await answers(to: requests, explanation ?? WritingPrompt.nothing)
            for text in given.answers.compactMap(\.self).joined() { sieve.take(text) }
            asked.append(given)
            // A model that is out of reach is not asked again.
            if given.failures.contains(where: { $0.kind != .badAnswer }) { break }
        }
        let all = GivenAnswers(
            answers: asked.flatMap(\.answers), cost: asked.reduce(into: CallCost()) { $0.add($1.cost) },
            failures: asked.flatMap(\.failures))
        try all.check()
        return Written(texts: Array(sieve.texts.prefix(settings.texts)), faults: sieve.faults, cost: all.cost)
    }

    private func requests(_ texts: Int, for explanation: String?, attempt: Int) -> [Request] {
        guard settings.temperature > 0 else { return [Request(texts: texts, sampling: nil)] }
        let most = max(settings.textsPerAnswer, 1)
        return (0..<(texts + most - 1) / most).map { number in
            var hasher = SipHasher(key: SipKey(seed: seed, purpose: 0x7772_6974), wide: false)
            hasher.update(text: explanation ?? "")
            hasher.update(Int64(explanation == nil ? 0 : 1))
            hasher.update(Int64(attempt))
            hasher.update(Int64(number))
            return Request(
                texts: min(most, texts - number * most),
                sampling: AnswerSampling(temperature: settings.temperature, seed: hasher.finalize64()))
        }
    }

    private func answers(to requests: [Request], _ explanation: String) async -> GivenAnswers<[String]> {
        await GivenAnswers.asking(requests, concurrency: concurrency) {
            (request, cost) async throws(InferenceError) -> [String] in
            let prompt = WritingPrompt.prompt(for: explanation, texts: request.texts)
            let most = request.texts * (settings.tokens + Self.room)
            let answer =
                if let sampling = request.sampling {
                    try await writer.complete(prompt, maximumTokens: most, drawn: sampling)
                } else {
                    try await writer.complete(prompt, maximumTokens: most)
                }
            cost = CallCost(answer)
            let texts = WrittenList.texts(
                in: try answer.spoken(), wanted: request.texts, isCut: answer.isCutOff)
            guard !texts.isEmpty else { throw InferenceError(.badAnswer, "the answer is no list of texts") }
            return texts
        }
    }
}
