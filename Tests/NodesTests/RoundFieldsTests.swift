import Lineage
import Testing
import Topology

@testable import Nodes

/// When explanations are scored again.
@Suite struct RoundFieldsTests {
    private static let cheap: [any NodeDefinition.Type] = [ExecutionScoreNode.self, EmbeddingScoreNode.self]
    private static let judged: [any NodeDefinition.Type] = [
        DetectionScoreNode.self, FuzzingScoreNode.self, SimulationScoreNode.self, SurprisalScoreNode.self,
        IntruderScoreNode.self,
    ]

    private func rule(_ fields: RoundFields, _ kind: any NodeDefinition.Type, _ given: [String: String] = [:]) throws
        -> RoundRule
    {
        try fields.rule(of: LoneNode.node(kind, given))
    }

    @Test func scoresThatCostNothingFollowTheEvidenceClosely() throws {
        for kind in Self.cheap { #expect(try rule(.cheap, kind) == RoundRule(rescore: 2, recent: true)) }
    }

    @Test func judgesAreAskedAgainOnLargeGrowthOnly() throws {
        for kind in Self.judged { #expect(try rule(.judged, kind) == RoundRule(rescore: 4, recent: false)) }
    }

    @Test func bothFieldsAreRead() throws {
        let given = ["rescore": "7", "recent": "true"]
        for kind in Self.judged { #expect(try rule(.judged, kind, given) == RoundRule(rescore: 7, recent: true)) }
        let off = ["rescore": "0", "recent": "false"]
        for kind in Self.cheap { #expect(try !rule(.cheap, kind, off).isActive) }
    }

    @Test func aGrowthOfOneIsTakenForTwoSoThatNotEveryBarrierScores() throws {
        #expect(try rule(.judged, DetectionScoreNode.self, ["rescore": "1"]).rescore == 2)
    }

    @Test func interventionAndGenerationAreScoredOnce() throws {
        #expect(!RoundRule.never.isActive)
        for schema in [InterventionScoreNode.schema, GenerationScoreNode.schema] {
            let fields = schema.fields.map(\.name)
            #expect(!fields.contains("rescore") && !fields.contains("recent"))
        }
    }
}
