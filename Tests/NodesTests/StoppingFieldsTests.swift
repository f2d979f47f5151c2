import Scoring
import Testing
import Topology

@testable import Nodes

/// When a judge is asked no more about an explanation.
@Suite struct StoppingFieldsTests {
    private static let kinds: [any NodeDefinition.Type] = [DetectionScoreNode.self, FuzzingScoreNode.self]

    private func fields(_ kind: Int, _ given: [String: String] = [:]) throws -> StoppingFields {
        try StoppingFields(LoneNode.node(Self.kinds[kind], given))
    }

    @Test(arguments: kinds.indices) func everythingIsAskedUnlessARuleIsNamed(kind: Int) throws {
        #expect(try fields(kind).stopping == nil)
        #expect(try fields(kind, ["stopping": "none", "error": "0.1"]).stopping == nil)
    }

    @Test(arguments: kinds.indices, Stopping.Rule.allCases)
    func aRuleHasTheUsualBoundsByItself(kind: Int, rule: Stopping.Rule) throws {
        #expect(try fields(kind, ["stopping": rule.rawValue]).stopping == Stopping(rule: rule))
    }

    @Test(arguments: kinds.indices, Stopping.Rule.allCases)
    func everyBoundIsThatOfItsField(kind: Int, rule: Stopping.Rule) throws {
        let given = ["threshold": "0.6", "indifference": "0.02", "error": "0.03", "half_width": "0.04"]
        let fields = try fields(kind, given.merging(["stopping": rule.rawValue]) { first, _ in first })
        #expect(
            fields.stopping
                == Stopping(rule: rule, threshold: 0.6, indifference: 0.02, error: 0.03, halfWidth: 0.04))
    }

    /// A cascade settles by the threshold too, so that it counts without a rule.
    @Test func theThresholdCountsWithoutARule() throws {
        #expect(try fields(0).threshold == 0.75)
        #expect(try fields(0, ["threshold": "0.9"]).threshold == 0.9)
        let judged = try LoneNode.made(DetectionScoreNode.self, ["threshold": "0.9"]).judged
        #expect(judged.cascade.threshold == 0.9)
    }
}
