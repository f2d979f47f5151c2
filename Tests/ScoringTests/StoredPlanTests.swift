import Elements
import Foundation
import Hashing
import Testing

@testable import Scoring

/// Plans of jobs that were stored before a plan kept its subject apart.
@Suite struct StoredPlanTests {
    private static let full = #"""
        {"coder":{"digest":{"high":3,"low":4},"hookpoint":"layers.10","latents":24576,"name":"codes"},\#
        "control":"shuffled","explainedBy":"prose","explanation":{"high":11,"low":12},"fresh":{"questions":[\#
        {"block":3,"document":4294967295,"identity":{"high":1,"low":18446744073709551615},"isPositive":true,\#
        "marked":[true,false],"tokens":[5,70000]}],"recent":[{"high":1,"low":18446744073709551615}]},\#
        "heldOut":{"droppedByIdentity":1,"droppedByOverlap":2,"firing":{"tokens":5000,"tokensFired":40},\#
        "kept":30,"sharing":3},"job":{"high":9,"low":10},"judge":"judge","judgeDigest":{"high":13,"low":14},\#
        "latent":7,"node":"detected","promptVersion":"judge-1","questions":[{"block":3,\#
        "document":4294967295,"identity":{"high":1,"low":18446744073709551615},"isPositive":true,"marked":[\#
        true,false],"tokens":[5,70000]},{"identity":{"high":2,"low":2},"isPositive":false,"marked":[],\#
        "tokens":[6]}],"seed":18446744073709551615,"settings":{"examplesPerPrompt":5,\#
        "form":"log-probabilities","maximumTokens":64,"method":"fuzzing","negatives":50,"positives":50,\#
        "quantiles":10,"resamples":1000,"rule":{"atLeast":{"_0":0.25}},"stopping":{"error":0.05,\#
        "halfWidth":0.1,"indifference":0.08,"rule":"interval","threshold":0.75}},"text":"dates \"é\"",\#
        "tiers":[{"positives":[{"high":1,"low":18446744073709551615}],"questions":[{"identity":{"high":2,\#
        "low":2},"isPositive":false,"marked":[],"tokens":[6]}],"tier":"lexical","windows":1}]}
        """#

    private static let small = #"""
        {"coder":{"digest":{"high":3,"low":4},"hookpoint":"layers.10","latents":24576,"name":"codes"},\#
        "explainedBy":"prose","explanation":{"high":11,"low":12},"heldOut":{"droppedByIdentity":0,\#
        "droppedByOverlap":0,"kept":30,"sharing":0},"job":{"high":9,"low":11},"judge":"judge",\#
        "judgeDigest":{"high":13,"low":14},"latent":7,"node":"detected","promptVersion":"judge-1",\#
        "questions":[{"identity":{"high":2,"low":2},"isPositive":false,"marked":[],"tokens":[6]}],"seed":0,\#
        "settings":{"examplesPerPrompt":5,"form":"list","maximumTokens":64,"method":"detection",\#
        "negatives":50,"positives":50,"quantiles":10,"resamples":1000,"rule":{"aboveMedian":{}}},\#
        "text":"dates"}
        """#

    @Test func aPlanStoredByAnEarlierVersionIsReadInFull() throws {
        let plan = try JSONDecoder().decode(ScoringPlan.self, from: Data(Self.full.utf8))
        #expect(plan.job == Hash128(high: 9, low: 10) && plan.promptVersion == "judge-1")
        let subject = plan.subject
        #expect(subject.node == "detected" && subject.latent == 7 && subject.text == "dates \"é\"")
        #expect(subject.coder.name == "codes" && subject.coder.digest == Hash128(high: 3, low: 4))
        #expect(subject.explanation == Hash128(high: 11, low: 12) && subject.explainedBy == "prose")
        #expect(subject.control == "shuffled" && subject.seed == .max)
        #expect(subject.judge == "judge" && subject.judgeDigest == Hash128(high: 13, low: 14))
        let firing = FiringCount(tokensFired: 40, tokens: 5000)
        #expect(
            subject.heldOut
                == HeldOutAccount(kept: 30, droppedByIdentity: 1, droppedByOverlap: 2, sharing: 3, firing: firing))
        #expect(plan.questions.map(\.tokens) == [[5, 70_000], [6]] && plan.questions[0].marked == [true, false])
        #expect(plan.tiers?.map(\.tier) == [.lexical] && plan.fresh?.questions.count == 1)
        #expect(plan.settings.method == .fuzzing && plan.settings.rule == .atLeast(0.25))
        #expect(plan.settings.stopping?.rule == .interval)
    }

    @Test func whatAPlanLeavesOutMayBeMissing() throws {
        let plan = try JSONDecoder().decode(ScoringPlan.self, from: Data(Self.small.utf8))
        #expect(plan.control == nil && plan.subject.heldOut.firing == nil && plan.tiers == nil && plan.fresh == nil)
        #expect(plan.settings.method == .detection && plan.settings.rule == .aboveMedian)
    }

    @Test(arguments: [full, small]) func plansAreStoredAsTheyWere(stored: String) throws {
        let plan = try JSONDecoder().decode(ScoringPlan.self, from: Data(stored.utf8))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(plan), as: UTF8.self) == stored)
    }
}
