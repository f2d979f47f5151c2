import Elements
import Hashing
import Testing

@testable import Scoring

@Suite struct ScoringMethodTests {
    private func score(method: String, details: [String: Estimate] = [:]) -> Score {
        Score(
            job: Hash128(high: 1, low: 1), node: "scored", method: method,
            coder: CoderIdentity(name: "codes", hookpoint: "layers.0", latents: 8, digest: Hash128(high: 1, low: 2)),
            latent: 3, explanation: Hash128(high: 1, low: 3), explainedBy: "prose", text: "dates", headline: nil,
            details: details, judged: 1, failed: 0, tokensIn: 0, tokensOut: 0)
    }

    @Test func everyMethodIsFoundUnderItsOwnName() {
        let names = ScoringMethods.all.map { $0.name }
        #expect(Set(names).count == names.count)
        #expect(
            Set(names) == [
                "execution", "embedding", "detection", "fuzzing", "simulation", "surprisal", "intruder", "intervention",
                "generation",
            ])
        for name in names { #expect(ScoringMethods.named(name)?.name == name) }
        #expect(JudgedMethod.allCases.map { $0.type.name } == JudgedMethod.allCases.map(\.rawValue))
    }

    @Test func aMethodOfAnotherVersionIsReportedLikeVerdictsOnExplanations() {
        #expect(ScoringMethods.named("divination") == nil)
        let unknown = ScoringMethods.ofScores("divination")
        #expect(unknown.scale.range == 0...1 && unknown.scale.note == nil)
        #expect(unknown.scale.constantValue(of: [score(method: "divination")])?.value == 0.5)
        #expect(unknown.topic == .explanations && unknown.topic.control == "shuffled")
        #expect(unknown.paperTokens == nil && unknown.delphiName == nil && !unknown.settles)
    }

    @Test func onlyMethodsThatAskNoJudgeSettleExplanations() {
        #expect(ScoringMethods.all.filter { $0.settles }.map { $0.name } == ["execution", "embedding"])
        for method in ScoringMethods.all where method.settles {
            #expect(method.needs == .none || method.needs == .embeddings)
        }
    }

    @Test func whatKnowsNothingScoresWithinTheRange() throws {
        for method in ScoringMethods.all {
            let chance = Estimate(value: 0.2, lower: 0.2, upper: 0.2, count: 30)
            let value = method.scale.constantValue(of: [score(method: method.name, details: ["chance": chance])])
            #expect(method.scale.range.contains(try #require(value).value), "\(method.name)")
            let isComputed = method.name == IntruderScorer.name
            #expect(method.scale.reason.hasPrefix("in closed form: ") != isComputed)
        }
    }

    @Test func chanceAmongIntrudersIsThatOfTheTrialsThatWereJudged() {
        let scores = [5, 4].map { windows in
            let chance = 1 / Double(windows)
            return score(
                method: "intruder",
                details: ["chance": Estimate(value: chance, lower: chance, upper: chance, count: 30)])
        }
        #expect(abs((IntruderScorer.scale.constantValue(of: scores)?.value ?? 0) - 0.225) < 1e-12)
        #expect(IntruderScorer.scale.constantValue(of: []) == nil)
    }

    @Test func whatIsSaidOfLatentsThemselvesIsNoFaultOfTheirExplanations() {
        let topics = Dictionary(uniqueKeysWithValues: ScoringMethods.all.map { ($0.name, $0.topic) })
        #expect(topics.filter { !$0.value.blamesExplanations }.map(\.key) == ["intruder"])
        #expect(Set(topics.filter { !$0.value.compares }.map(\.key)) == ["intruder", "intervention"])
        #expect(Set(topics.filter { $0.value.control != "shuffled" }.map(\.key)) == ["intruder"])
        #expect(IntruderScorer.topic.control == IntruderPlan.silent)
    }

    @Test func methodsThatReadTextsSaySo() {
        let questions = ScoringMethods.all.compactMap { method in
            method.needs.question(scale: 9).map { (method.name, $0) }
        }
        #expect(
            Dictionary(uniqueKeysWithValues: questions) == [
                "simulation": .values(scale: 9), "surprisal": .text, "intervention": .text,
            ])
    }

    @Test func delphiHasFilesOfTwoMethods() {
        let names = ScoringMethods.all.compactMap { method in method.delphiName.map { [method.name, $0] } }
        #expect(names == [["detection", "detection"], ["fuzzing", "fuzz"]])
    }

    @Test func thePapersFiguresAreThoseOfItsTable() {
        let tokens = ScoringMethods.all.compactMap { method in
            method.paperTokens.map { (method.name, $0.tokensIn) }
        }
        #expect(
            Dictionary(uniqueKeysWithValues: tokens) == [
                "fuzzing": 19_600, "detection": 17_000, "simulation": 104_900, "embedding": 4_000,
            ])
    }
}
