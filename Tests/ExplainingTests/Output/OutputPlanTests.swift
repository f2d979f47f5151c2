import Elements
import Foundation
import Hashing
import Testing

@testable import Explaining

@Suite struct OutputPlanTests {
    /// Nearest rank: the smallest value that at least nine tenths of all do not exceed.
    @Test(arguments: [(1, 1), (2, 2), (9, 9), (10, 9), (11, 10), (20, 18), (100, 90)])
    func theStrengthIsTheUpperDecileTimesTheSetting(count: Int, decile: Int) throws {
        #expect(try OutputPlans.plan(activations: count).addend == 4 * Float(decile))
        var settings = OutputSettings()
        settings.strength = 2.5
        #expect(try OutputPlans.plan(settings, activations: count).addend == 2.5 * Float(decile))
        let sorted = (1...count).map(Double.init)
        #expect(sorted.first { value in Double(sorted.count { $0 <= value }) >= 0.9 * Double(count) } == Double(decile))
    }

    @Test func silentTokensDoNotCount() {
        let example = Example(window: toyWindow([1, 2, 3]), activations: [0, 4, .infinity])
        #expect(OutputPlan.upperDecile(of: [example]) == 4)
        #expect(OutputPlan.upperDecile(of: [Example(window: toyWindow([1]), activations: [0])]) == nil)
    }

    @Test func aLatentWithoutWindowsOrAPoolWithoutTextsGivesNoPlan() {
        let silent = #expect(throws: ExplainingError.self) { try OutputPlans.plan(activations: 0) }
        #expect(silent?.kind == .tooFewExamples && silent?.message.contains("fired in 0 windows") == true)
        let empty = #expect(throws: ExplainingError.self) { try OutputPlans.plan(texts: []) }
        #expect(empty?.kind == .tooFewExamples && empty?.message.hasSuffix("give the reservoir a larger pool") == true)
        var settings = OutputSettings()
        settings.minimumExamples = 21
        #expect(throws: ExplainingError.self) { try OutputPlans.plan(settings) }
        settings.minimumExamples = 20
        #expect(throws: Never.self) { try OutputPlans.plan(settings) }
    }

    @Test func whatDecidesTheOutcomeDecidesTheName() throws {
        let plan = try OutputPlans.plan()
        #expect(try OutputPlans.plan() == plan && plan.promptVersion == "output-1")
        var jobs = [plan.job]
        for change in 0..<9 {
            var settings = OutputSettings()
            switch change {
            case 0: settings.strength = 2
            case 1: settings.changedTokens = 3
            case 2: settings.promotedTokens = 0
            case 3: settings.continuations = 0
            case 4: settings.continuationTokens = 3
            case 5: settings.promptTokens = 300
            case 6: settings.startsAnswer = true
            case 7: settings.maximumTokens = 9
            default: settings.texts = 3
            }
            jobs.append(try OutputPlans.plan(settings).job)
        }
        jobs.append(try OutputPlans.plan(texts: Array(OutputPlans.texts.prefix(2))).job)
        jobs.append(try OutputPlans.plan(activations: 30).job)
        jobs.append(try OutputPlans.plan(promoted: PromotedTokens(raised: [1], lowered: [])).job)
        jobs.append(try OutputPlans.plan(subject: Hash128(high: 5, low: 7)).job)
        jobs.append(try OutputPlans.plan(seed: 8).job)
        jobs.append(try OutputPlans.plan(node: "other").job)
        #expect(Set(jobs).count == jobs.count)
        // How often a latent must have fired says nothing of what is asked.
        var settings = OutputSettings()
        settings.minimumExamples = 5
        #expect(try OutputPlans.plan(settings).job == plan.job)
    }

    @Test func aPlanIsTheSameAfterARestart() throws {
        let plan = try OutputPlans.plan(promoted: PromotedTokens(raised: [1, 2], lowered: [3]))
        let stored = try JSONEncoder().encode(plan)
        #expect(try JSONDecoder().decode(OutputPlan.self, from: stored) == plan)
    }

    @Test func whatIsPromotedIsKeptIfItIsToBeShown() throws {
        let promoted = PromotedTokens(raised: [1], lowered: [])
        var settings = OutputSettings()
        settings.promotedTokens = 0
        #expect(try OutputPlans.plan(promoted: promoted).promoted == promoted)
        #expect(try OutputPlans.plan(settings, promoted: promoted).promoted == nil)
        #expect(try OutputPlans.plan(promoted: PromotedTokens(raised: [], lowered: [])).promoted == nil)
    }
}
