import Testing
import Topology

@testable import Nodes

/// By which scores explanations are settled without a judge.
@Suite struct CascadeFieldsTests {
    private func fault(_ given: [String: String], gates: [any Scores]) throws -> String? {
        try CascadeFields(LoneNode.node(DetectionScoreNode.self, given), threshold: 0.75).fault(gates: gates)
    }

    private func executed() throws -> any Scores { try LoneNode.made(ExecutionScoreNode.self, id: "run") }
    private func embedded() throws -> any Scores { try LoneNode.made(EmbeddingScoreNode.self, id: "meant") }

    @Test func nothingIsSettledUnlessSomethingIsSaid() throws {
        let fields = try CascadeFields(LoneNode.node(FuzzingScoreNode.self), threshold: 0.5)
        #expect(fields.below == nil && fields.above == nil && fields.threshold == 0.5)
        #expect(fields.fault(gates: []) == nil)
    }

    @Test func eitherBoundOrBothSettleByCheapScores() throws {
        let gates = [try executed(), try embedded()]
        for given in [
            ["settle_below": "0.4"], ["settle_above": "0.9"], ["settle_below": "0.4", "settle_above": "0.9"],
            // At one value nothing is settled both ways, as a whole interval lies on one side of it.
            ["settle_below": "0.6", "settle_above": "0.6"], ["settle_below": "0", "settle_above": "1"],
        ] {
            #expect(try fault(given, gates: gates) == nil)
        }
    }

    @Test(arguments: ["settle_below", "settle_above"]) func aBoundWithoutScoresHasNothingToSettleBy(field: String)
        throws
    {
        #expect(
            try fault([field: "0.5"], gates: [])
                == "has `settle_below` or `settle_above`, but no scores among its `inputs` to settle by")
    }

    @Test func scoresWithoutABoundSettleNothing() throws {
        #expect(
            try fault([:], gates: [executed()])
                == "reads scores, but has neither `settle_below` nor `settle_above`: say which scores settle")
    }

    @Test func boundsThatCrossWouldSettleBothWays() throws {
        #expect(
            try fault(["settle_below": "0.8", "settle_above": "0.7"], gates: [executed()])
                == "has a `settle_below` above its `settle_above`, so that a score could settle both ways")
    }

    @Test(arguments: NodeRegistry.all.indices) func onlyScoresOfMethodsThatSettleDo(kind: Int) throws {
        guard let kind = NodeRegistry.all[kind] as? any Scores.Type else { return }
        let gate = try LoneNode.made(kind, id: "gate")
        let asks = gate is any AsksJudge
        #expect(
            try fault(["settle_below": "0.4"], gates: [executed(), gate])
                == (asks ? "reads the scores of gate, but only those of execution and embedding nodes settle" : nil))
    }

    @Test func theFirstScoreThatDoesNotSettleIsNamed() throws {
        let gates: [any Scores] = [
            try executed(), try LoneNode.made(FuzzingScoreNode.self, id: "b"),
            try LoneNode.made(IntruderScoreNode.self, id: "a"),
        ]
        #expect(try fault(["settle_below": "0.4"], gates: gates)?.hasPrefix("reads the scores of b, ") == true)
    }

    @Test func onlyNodesThatAskForVerdictsCanBeSettled() throws {
        for kind in NodeRegistry.all {
            guard let kind = kind as? any Scores.Type else { continue }
            #expect((try LoneNode.made(kind).cascade != nil) == (kind is any AsksVerdicts.Type))
            #expect(kind.schema.inputs.contains(.scores) == (kind is any AsksVerdicts.Type))
        }
    }
}
