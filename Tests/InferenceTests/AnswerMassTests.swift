import Foundation
import Testing

@testable import Inference

@Suite struct AnswerMassTests {
    private func mass(of answers: [String], _ tokens: [(String, Double)]) -> AnswerMass {
        AnswerMass(of: answers, among: tokens.map { TokenLogProbability(token: $0.0, logprob: $0.1) })
    }

    private func values(of answers: [String], _ tokens: [(String, Double)]) -> [Double] {
        mass(of: answers, tokens).logProbabilities
    }

    /// Why the likeliest tokens, given by their probabilities, say nothing of yes and no; `nil` where they do.
    private func fault(_ tokens: [(String, Double)], minimum: Double = 0.1) -> InferenceError? {
        do {
            try mass(of: ["Yes", "No"], tokens.map { ($0.0, log($0.1)) })
                .check(minimum: minimum, excerpt: Excerpt(key: nil))
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("Yes", 0), (" yes", 0), ("YES", 0), ("**Yes", 0), ("\"Yes\"", 0), ("Yes.", 0), ("Y", 0), ("ye", 0),
        ("▁Yes", 0),
        ("ĠNo", 1), ("no,", 1), ("n", 1), ("No", 1), ("Not", nil), ("nope", nil), ("Yesterday", nil), ("1", nil),
        ("", nil), (" ", nil), ("\"", nil),
    ])
    func aTokenStandsForAtMostOneAnswer(token: String, answer: Int?) {
        let values = values(of: ["Yes", "No"], [(token, -1)])
        #expect(values.map { abs($0 + 1) < 1e-12 } == [answer == 0, answer == 1])
        #expect(values.filter { $0 == -.infinity }.count == (answer == nil ? 2 : 1))
    }

    @Test func aTokenThatCouldBeginTwoAnswersCountsForTheOneItEquals() {
        let answers = ["1", "10", "100"]
        #expect(values(of: answers, [("1", -2)]).map { ($0 * 1e9).rounded() } == [-2e9, -.infinity, -.infinity])
        #expect(values(of: answers, [("10", -2)]).map { ($0 * 1e9).rounded() } == [-.infinity, -2e9, -.infinity])
        #expect(values(of: ["ab", "ac"], [("a", 0)]) == [-.infinity, -.infinity])
    }

    @Test func probabilitiesOverOneAreCutToOne() {
        #expect(values(of: ["yes"], [("yes", 0.5), ("yes", 0.5), ("yes", 0.5)]) == [0])
        #expect(values(of: ["yes"], [("yes", .nan), ("yes", -9999)]) == [-.infinity])
    }

    @Test func tokensWithoutANumberAreLeftOutAndSayNothingOfWhatIsUnlisted() {
        let tokens = [("Yes", -0.1), ("<unk>", nil), ("zz", -9999)].map {
            TokenLogProbability(token: $0.0, logprob: $0.1)
        }
        let mass = AnswerMass(of: ["Yes", "No"], among: tokens)
        #expect(abs(mass.probabilities[0] - exp(-0.1)) < 1e-12 && mass.probabilities[1] == 0)
        // What is not listed may have all that is left, not the nothing of the token without a number.
        #expect(abs(mass.unlisted - (1 - exp(-0.1))) < 1e-12)
    }

    @Test func answersThatHaveLittleTogetherAreNoVerdict() {
        let tokens = [("<think>", 0.9), ("Yes", 0.06), ("No", 0.03)]
        let error = fault(tokens)
        #expect(error?.kind == .badAnswer)
        #expect(
            error?.message
                == "Yes and No have 0.09 of the first token's probability together, and a verdict needs 0.1; "
                + "the likeliest token is <think>")
        #expect(fault(tokens, minimum: 0.08) == nil)
        #expect(fault([("The", 1)])?.kind == .badAnswer)
        #expect(fault([])?.kind == .badAnswer)
    }

    @Test func anAnswerThatIsNotListedHasAtMostWhatTheListLeaves() {
        // 0.8 is listed: "No" has at most the 0.15 of the last token.
        #expect(mass(of: ["Yes", "No"], [("Yes", log(0.65)), ("Well", log(0.15))]).unlisted < 0.1501)
        #expect(fault([("Yes", 0.65), ("Well", 0.15)]) == nil)
        // The list leaves 0.4, but no token behind it is likelier than the last.
        #expect(fault([("Well", 0.4), ("Yes", 0.2)])?.kind == .badAnswer)
        #expect(fault([("Well", 0.4), ("Yes", 0.2), ("No", 0.1)]) == nil)
        #expect(fault([("Yes", 0.6)]) == nil)
        #expect(fault([("Yes", 0.4)])?.kind == .badAnswer)
    }
}
