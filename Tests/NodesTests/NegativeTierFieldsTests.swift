import Elements
import Testing
import Topology

@testable import Nodes

/// Which negatives a score node asks for, and by whose vectors.
@Suite struct NegativeTierFieldsTests {
    private static let missing =
        "n: `negatives` with `semantic` needs `encoder:`, the model by whose vectors windows are near"
    private static let stray =
        "n: `encoder` is for semantic negatives only; add `semantic` to `negatives`, or leave it out"
    private static let headless = "n: `negatives` must hold `random`, on which the headline rests"
    private static let stopped =
        "n: tiers of negatives need all questions to be asked; leave out `stopping`, or all tiers but `random`"

    private func fields(_ given: [String: String], fallback: String? = nil) throws -> (NegativeTierFields, Node) {
        let node = try LoneNode.node(DetectionScoreNode.self, given)
        return (try NegativeTierFields(node, fallback: fallback), node)
    }

    private func fault(_ given: [String: String], stops: Bool = false, fallback: String? = nil) throws -> String? {
        let (fields, node) = try fields(given, fallback: fallback)
        return fields.fault(of: node, stops: stops)
    }

    @Test func randomNegativesAreAskedForAlone() throws {
        let (fields, node) = try fields([:])
        #expect(fields.tiers.isEmpty && fields.encoder == nil && fields.use(in: node) == nil)
        #expect(fields.fault(of: node, stops: false) == nil && fields.fault(of: node, stops: true) == nil)
    }

    @Test func tiersAreThoseNamedButForTheRandomOne() throws {
        let (fields, _) = try fields(["negatives": "[semantic, random, lexical, neighbour]", "encoder": "m"])
        #expect(fields.tiers == [.semantic, .lexical, .neighbour])
    }

    @Test(arguments: [
        ("[]", nil), ("[random]", nil), ("[random, lexical]", nil), ("[neighbour, random]", nil),
        ("[lexical]", headless), ("[semantic]", headless), ("[random, semantic]", missing),
    ]) func tiersThatCannotBeDrawnAreNamed(negatives: String, expected: String?) throws {
        #expect(try fault(["negatives": negatives]) == expected)
    }

    @Test func anEncoderGoesWithSemanticNegativesOnly() throws {
        #expect(try fault(["negatives": "[random, semantic]", "encoder": "m"]) == nil)
        #expect(try fault(["negatives": "[random, lexical]", "encoder": "m"]) == Self.stray)
        #expect(try fault(["encoder": "m"]) == Self.stray)
    }

    @Test func aNodesOwnEncoderStandsInForOneThatIsNotNamed() throws {
        let semantic = ["negatives": "[random, semantic]"]
        #expect(try fault(semantic, fallback: "m") == nil)
        #expect(try fields(semantic, fallback: "m").0.encoder == "m")
        #expect(try fields(semantic.merging(["encoder": "other"]) { $1 }, fallback: "m").0.encoder == "other")
        // Nobody asks it for vectors of windows without semantic negatives.
        #expect(try fields(["negatives": "[random, lexical]"], fallback: "m").0.encoder == nil)
    }

    @Test func tiersNeedAllQuestionsToBeAsked() throws {
        #expect(try fault(["negatives": "[random, lexical]"], stops: true) == Self.stopped)
        #expect(try fault(["negatives": "[random, semantic]"], stops: true) == Self.stopped)
        // The tier on which the headline rests is asked for first.
        #expect(try fault(["negatives": "[lexical, neighbour]"], stops: true) == Self.headless)
    }

    /// Written twice it is still no further tier, so that nothing keeps the judge from stopping.
    @Test func theRandomTierTwiceIsNoTier() throws {
        #expect(try fault(["negatives": "[random, random]"], stops: true) == nil)
    }

    @Test func theEncoderIsUsedForSentencesAtItsPlace() throws {
        let (fields, node) = try fields(["negatives": "[random, semantic]", "encoder": "other"])
        let use = try #require(fields.use(in: node))
        #expect(use.name == "other" && use.purpose == .sentences)
        #expect(use.mark == node.mark(of: NegativeTierFields.encoder) && use.mark != node.mark)
    }

    @Test(arguments: NodeRegistry.all.indices) func everyNodeWithTheFieldHasTheTiers(kind: Int) throws {
        guard let kind = NodeRegistry.all[kind] as? any Scores.Type else { return }
        let hasField = kind.schema.fields.contains(NegativeTierFields.negatives.schema)
        let usual = try LoneNode.made(kind)
        #expect((usual.negatives != nil) == hasField)
        guard hasField else { return }
        let chosen = try LoneNode.made(kind, ["negatives": "[random, lexical]"])
        #expect(usual.negatives?.tiers == [] && chosen.negatives?.tiers == [.lexical])
    }
}
