import Elements
import Foundation
import Inference
import Statistics

/// The verdicts of one call, and what they cost.
struct CallAnswers: Sendable {
    var verdicts: [Verdict]
    var cost = CallCost()
}

/// Puts the questions of one plan to one judge.
struct JudgeSession: Sendable {
    let plan: ScoringPlan
    let judge: any LanguageModelClient
    let tokenDecoder: any TokenDecoder
    let reach = JudgeReach()

    /// The verdicts on some questions, one for each, in order.
    func answers(to range: Range<Int>, call: Int) async -> CallAnswers {
        switch plan.settings.form {
        case .list: await listed(range, call: call)
        case .logProbabilities: await weighed(range, call: call)
        }
    }

    private func listed(_ range: Range<Int>, call: Int) async -> CallAnswers {
        let (verdicts, cost, failure) = await ask(range)
        var answers = CallAnswers(
            verdicts: verdicts.map { Verdict(isYes: $0, call: call, failure: $0 == nil ? failure : nil) },
            cost: cost)
        // A judge that cannot be reached is not asked again five times over.
        let isWorthAsking = failure.map { $0.kind == .badAnswer || $0.kind == .tooLong } ?? true
        guard isWorthAsking, range.count > 1 else { return answers }
        for position in answers.verdicts.indices where answers.verdicts[position].isYes == nil {
            let index = range.lowerBound + position
            let (single, cost, failure) = await ask(index..<(index + 1))
            // Verdicts given alone are clusters of their own; negative numbers keep them apart from the calls.
            answers.verdicts[position] = Verdict(
                isYes: single.first ?? nil, call: -1 - index, failure: (single.first ?? nil) == nil ? failure : nil)
            answers.cost.add(cost)
        }
        return answers
    }

    private func ask(_ range: Range<Int>) async -> ([Bool?], CallCost, InferenceError?) {
        let none = [Bool?](repeating: nil, count: range.count)
        if let loss = reach.loss { return (none, CallCost(), loss) }
        let prompt = JudgePrompt.list(plan.asked[range], plan: plan, tokenDecoder: tokenDecoder)
        do {
            let completion = try await judge.complete(prompt, maximumTokens: plan.settings.maximumTokens)
            reach.note(nil)
            do {
                return (try Self.verdicts(in: completion, count: range.count), CallCost(completion), nil)
            } catch {
                return (none, CallCost(completion), error)
            }
        } catch {
            reach.note(error)
            return (none, CallCost(error), error)
        }
    }

    private static func verdicts(in completion: Completion, count: Int) throws(InferenceError) -> [Bool?] {
        guard let verdicts = VerdictList.parse(try completion.whole(), count: count) else {
            throw InferenceError(
                .badAnswer, "no list of \(count) verdicts, or more than one, in the answer: \(completion.start)")
        }
        return verdicts
    }

    private func weighed(_ range: Range<Int>, call: Int) async -> CallAnswers {
        var answers = CallAnswers(verdicts: [])
        for question in plan.asked[range] {
            if let loss = reach.loss {
                answers.verdicts.append(Verdict(isYes: nil, call: call, failure: loss))
                continue
            }
            let prompt = JudgePrompt.yesOrNo(question, plan: plan, tokenDecoder: tokenDecoder)
            do {
                let weights = try await judge.logProbabilities(of: JudgePrompt.answers, after: prompt)
                reach.note(nil)
                answers.cost.add(CallCost(weights))
                if let probability = Self.probabilityOfYes(weights.values) {
                    answers.verdicts.append(Verdict(isYes: nil, probability: probability, call: call))
                } else {
                    let failure = InferenceError(.badAnswer, "no log-probabilities of both yes and no in the answer")
                    answers.verdicts.append(Verdict(isYes: nil, call: call, failure: failure))
                }
            } catch {
                reach.note(error)
                answers.cost.add(CallCost(error))
                answers.verdicts.append(Verdict(isYes: nil, call: call, failure: error))
            }
        }
        return answers
    }

    /// `P(yes) / (P(yes) + P(no))` from the two log-probabilities; `nil` if they say nothing.
    static func probabilityOfYes(_ values: [Double]) -> Double? {
        guard values.count == 2, values.allSatisfy({ $0 <= 1e-3 }), values.contains(where: \.isFinite) else {
            return nil
        }
        if values[0] == values[1] { return 0.5 }
        return 1 / (1 + exp(values[1] - values[0]))
    }

    /// Verdicts with the rule of the plan applied to those that are probabilities.
    func ruled(_ verdicts: [Verdict]) -> [Verdict] {
        // The median of the headline's set, so that what is asked besides does not move it.
        let median = Quantiles(verdicts.prefix(plan.questions.count).compactMap(\.probability)).median
        return verdicts.map { verdict in
            guard let probability = verdict.probability else { return verdict }
            var result = verdict
            switch plan.settings.rule {
            case .atLeast(let threshold): result.isYes = probability >= threshold
            case .aboveMedian: result.isYes = median.map { probability > $0 }
            }
            return result
        }
    }
}
