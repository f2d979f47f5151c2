import Lineage
import Scoring
import Testing
import Topology

@testable import Nodes

/// How a judge is asked for verdicts.
@Suite struct JudgedFieldsTests {
    private static let kinds: [any AsksVerdicts.Type] = [DetectionScoreNode.self, FuzzingScoreNode.self]

    @Test(arguments: kinds.indices) func defaultsAreTheSameForBothMethodsButForControls(kind: Int) throws {
        let judged = try LoneNode.made(Self.kinds[kind]).judged
        #expect(judged.model == "m" && judged.examples == 50)
        // What fuzzing gives for nothing must be told from .5.
        #expect(judged.asked.controls == (Self.kinds[kind] == FuzzingScoreNode.self ? 50 : 8))
        #expect(judged.asked.concurrency == 2)
        #expect(judged.negatives.tiers.isEmpty && judged.cascade.below == nil && judged.cascade.above == nil)
        #expect(judged.rounds == RoundRule(rescore: 4, recent: false))
        #expect(judged.models.map(\.name) == ["m"] && judged.models.map(\.purpose) == [.model])
    }

    @Test(arguments: kinds.indices) func everyFieldIsThatOfItsName(kind: Int) throws {
        let judged = try LoneNode.made(
            Self.kinds[kind],
            [
                "model": "other", "examples": "9", "controls": "3", "concurrency": "5", "settle_below": "0.1",
                "settle_above": "0.9", "rescore": "6", "recent": "true", "negatives": "[random, semantic]",
                "encoder": "m",
            ]
        ).judged
        #expect(judged.model == "other" && judged.examples == 9)
        #expect(judged.asked.controls == 3 && judged.asked.concurrency == 5)
        #expect(judged.cascade.below == 0.1 && judged.cascade.above == 0.9)
        #expect(judged.rounds == RoundRule(rescore: 6, recent: true))
        #expect(judged.models.map(\.name) == ["other", "m"] && judged.models.map(\.purpose) == [.model, .sentences])
    }

    @Test func eachMethodAsksItsOwnQuestion() throws {
        #expect(DetectionScoreNode.verdicts == .detection && FuzzingScoreNode.verdicts == .fuzzing)
        // Fuzzing draws negatives of each positive's length, so that it needs more to choose from.
        #expect(try LoneNode.made(DetectionScoreNode.self, ["examples": "9"]).tierWindows == 9)
        #expect(try LoneNode.made(FuzzingScoreNode.self, ["examples": "9"]).tierWindows == 36)
    }
}
