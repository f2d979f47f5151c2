import Elements
import Inference

/// Measures how likely a model finds explanations behind passages.
struct PassageJudging: Sendable {
    let scorer: any Judge
    let text: any TokenText

    /// The log-probabilities of some explanations behind one passage, and the tokens that were read.
    struct Reading: Sendable {
        /// `[explanations]`; `nil` for one that could not be had.
        let values: [Double]?
        let tokens: Int
    }

    /// What each passage gives; a passage that occurs several times is asked about once.
    ///
    /// Throws where the model cannot be reached or gives no such log-probabilities; what it cannot do for one passage alone, such
    /// as one that is too long, is left out.
    func readings(
        of explanations: [String], behind passages: [[UInt32]]
    ) async throws(ScoringError) -> [Reading] {
        let answers = explanations.map(PassagePrompt.answer)
        var order: [[UInt32]: Int] = [:]
        var distinct: [[UInt32]] = []
        for passage in passages where order[passage] == nil {
            order[passage] = distinct.count
            distinct.append(passage)
        }
        let results = await mapConcurrently(distinct, limit: InterventionTrial.concurrency) {
            [scorer, text] passage -> Result<AnswerLogProbabilities, InferenceError> in
            do throws(InferenceError) {
                return .success(
                    try await scorer.logProbabilities(
                        of: answers, after: PassagePrompt.prompt(for: passage, text: text)))
            } catch {
                return .failure(error)
            }
        }
        var readings: [Reading] = []
        for result in results { readings.append(try reading(result, count: answers.count)) }
        var isCounted = [Bool](repeating: false, count: distinct.count)
        return passages.map { passage in
            guard let place = order[passage] else { return Reading(values: nil, tokens: 0) }
            defer { isCounted[place] = true }
            return Reading(values: readings[place].values, tokens: isCounted[place] ? 0 : readings[place].tokens)
        }
    }

    private func reading(
        _ result: Result<AnswerLogProbabilities, InferenceError>, count: Int
    ) throws(ScoringError) -> Reading {
        switch result {
        case .success(let weights):
            let isWhole = weights.values.count == count && weights.values.allSatisfy(\.isFinite)
            return Reading(values: isWhole ? weights.values : nil, tokens: weights.tokensIn + weights.tokensOut)
        case .failure(let error):
            guard error.kind == .tooLong || error.kind == .badAnswer else { throw ScoringError(asking: error) }
            return Reading(values: nil, tokens: 0)
        }
    }
}
