import Lineage
import Testing
import Topology

@testable import Nodes

/// When latents are explained again and explanations scored again.
@Suite struct AgainFieldsTests {
    private static let again: [any NodeDefinition.Type] = [
        LexicalExplainNode.self, DefaultExplainNode.self, ContrastiveExplainNode.self, BestOfExplainNode.self,
        OutputExplainNode.self, SeveralExplainNode.self,
    ]

    private func rule(_ kind: Int, _ given: [String: String] = [:]) throws -> ReexplanationRule {
        try AgainFields(LoneNode.node(Self.again[kind], given)).rule
    }

    @Test(arguments: again.indices) func aLatentIsExplainedAgainAtFourTimesTheWindowsOrOnDrift(kind: Int) throws {
        #expect(try rule(kind) == ReexplanationRule(regrowth: 4, drift: true))
        #expect(try rule(kind, ["regrowth": "16"]) == ReexplanationRule(regrowth: 16, drift: true))
        #expect(try rule(kind, ["drift": "false"]) == ReexplanationRule(regrowth: 4, drift: false))
    }

    /// Growth and drift are two causes: either one alone keeps the rule awake.
    @Test func theRuleSleepsOnlyWithoutBoth() throws {
        #expect(try !rule(0, ["regrowth": "0", "drift": "false"]).isActive)
        #expect(try rule(0, ["regrowth": "0"]).isActive)
        #expect(try rule(0, ["drift": "false"]).isActive)
    }

    @Test func explainersThatComputeNothingAreNotAskedAgain() {
        let rest = NodeRegistry.all.filter { kind in !Self.again.contains { $0.schema == kind.schema } }
        #expect(rest.allSatisfy { kind in !kind.schema.fields.contains { AgainFields.fields.contains($0) } })
    }
}
