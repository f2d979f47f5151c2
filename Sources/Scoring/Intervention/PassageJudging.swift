import Elements
import Inference

/// Measures how likely a model finds explanations after passages.
struct PassageJudging: Sendable {
    let scorer: any LanguageModelClient
    let tokenDecoder: any TokenDecoder

    /// The log-probabilities of some explanations after one passage, and the tokens that were read.
    struct Reading: Sendable {
        /// By explanation; without those that could not be had.
        var values: [String: Double] = [:]
        var tokens = 0
    }

    /// What each passage gives; a passage or an explanation that occurs several times is asked about once.
    ///
    /// Throws if the model cannot be reached or gives no such log-probabilities; what it cannot do for one passage alone, such
    /// as one that is too long, is left out.
    func readings(
        of explanations: [String], after passages: [[UInt32]]
    ) async throws(ScoringError) -> [Reading] {
        var known = Set<String>()
        let texts = explanations.filter { known.insert($0).inserted }
        var order: [[UInt32]: Int] = [:]
        var distinct: [[UInt32]] = []
        for passage in passages where order[passage] == nil {
            order[passage] = distinct.count
            distinct.append(passage)
        }
        let results = await mapConcurrently(distinct, limit: InterventionTrial.concurrency) { passage in
            await reading(of: texts, after: passage)
        }
        var readings: [Reading] = []
        do throws(InferenceError) {
            for result in results { readings.append(try result.get()) }
        } catch {
            throw ScoringError(asking: error)
        }
        var isCounted = [Bool](repeating: false, count: distinct.count)
        return passages.map { passage in
            guard let place = order[passage] else { return Reading() }
            defer { isCounted[place] = true }
            return Reading(values: readings[place].values, tokens: isCounted[place] ? 0 : readings[place].tokens)
        }
    }

    private func reading(
        of explanations: [String], after passage: [UInt32]
    ) async -> Result<Reading, InferenceError> {
        do throws(InferenceError) {
            let found = try await scorer.logProbabilities(
                of: explanations.map(PassagePrompt.answer),
                after: PassagePrompt.prefix(for: passage, tokenDecoder: tokenDecoder))
            var reading = Reading()
            for (explanation, likelihood) in zip(explanations, found) {
                reading.tokens += likelihood.tokensIn + likelihood.tokensOut
                if likelihood.value.isFinite { reading.values[explanation] = likelihood.value }
            }
            return .success(reading)
        } catch {
            guard error.kind == .tooLong || error.kind == .badAnswer else { return .failure(error) }
            return .success(Reading(tokens: error.tokensIn + error.tokensOut))
        }
    }
}
