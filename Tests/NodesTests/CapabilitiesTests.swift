import Scoring
import StateFixtures
import Testing
import Topology

@testable import Nodes

/// Which kinds of nodes have which capabilities, as nothing else tells them apart.
@Suite struct CapabilitiesTests {
    /// The kinds with a capability, as they are written in the file.
    private func kinds<Capability>(_ type: Capability.Type) throws -> [String] {
        try NodeRegistry.all.compactMap { kind in
            guard try LoneNode.made(kind) is Capability else { return nil }
            return [kind.schema.type, kind.schema.variant?.value].compactMap(\.self).joined(separator: " ")
        }
    }

    private func schemas(_ takes: (NodeSchema) -> Bool) -> [String] {
        NodeRegistry.schemas.filter(takes).map { schema in
            [schema.type, schema.variant?.value].compactMap(\.self).joined(separator: " ")
        }
    }

    @Test func capabilitiesAreThoseOfTheInputsAndOutputs() throws {
        #expect(try kinds((any ReadsRecords).self) == schemas { $0.kind == .source })
        #expect(try kinds((any GivesCodes).self) == schemas { $0.output == .codes })
        #expect(try kinds((any Samples).self) == schemas { $0.output == .evidence })
        #expect(try kinds((any Explains).self) == schemas { $0.output == .explanations })
        #expect(try kinds((any Scores).self) == schemas { $0.output == .scores })
        #expect(try kinds((any TakesResults).self) == schemas { $0.kind == .sink })
        #expect(try kinds((any TakesLatents).self) == schemas { [.explanations, .scores].contains($0.output) })
    }

    @Test func onlyTheseNameTokensRunASubjectOrReachKafka() throws {
        #expect(
            try kinds((any NamesTokens).self) == [
                "activations kafka", "activations file", "codes kafka", "codes file", "delphi_cache", "tokenize",
            ])
        #expect(try kinds((any CutsContexts).self) == ["tokenize"])
        #expect(try kinds((any RunsSubject).self) == ["forward"])
        #expect(try kinds((any EncodesSubject).self) == ["encode"])
        #expect(try kinds((any ReachesKafka).self) == ["kafka", "activations kafka", "codes kafka", "kafka"])
        #expect(try kinds((any GivesActivations).self) == ["activations kafka", "activations file"])
    }

    /// A checkpoint waits for the ends of what carries barriers, so that all up to the codes must.
    @Test func barriersPassThroughAllUpToTheCodes() throws {
        let below: [EdgeType?] = [.documents, .contexts, .activations, .codes]
        #expect(try kinds((any CarriesBarriers).self) == schemas { below.contains($0.output) })
    }

    @Test func everyMethodOfScoringHasItsNode() throws {
        let nodes = NodeRegistry.all.compactMap { $0 as? any Scores.Type }
        #expect(Set(nodes.map { $0.method }) == Set(ScoringMethods.all.map { $0.name }))
        for node in nodes {
            #expect(node.schema.variant == NodeSchema.Variant(field: "method", value: node.method))
            #expect(node.settles == (ScoringMethods.named(node.method)?.settles))
        }
        #expect(nodes.filter { $0.settles }.map { $0.method } == ["execution", "embedding"])
    }

    @Test func aNodeThatAsksAJudgeHasAModelAndOneThatSettlesNone() throws {
        for kind in NodeRegistry.all {
            guard let kind = kind as? any Scores.Type else { continue }
            let models = try LoneNode.made(kind).models
            #expect((kind is any AsksJudge.Type) != kind.settles)
            if kind is any AsksJudge.Type { #expect(models.count == 1) }
        }
    }

    @Test func modelsAreUsedForWhatTheNodeNeedsOfThem() throws {
        func uses(_ kind: any NodeDefinition.Type, _ given: [String: String] = [:]) throws -> [String: ModelUse.Purpose]
        {
            Dictionary(uniqueKeysWithValues: try LoneNode.made(kind, given).models.map { ($0.name, $0.purpose) })
        }
        #expect(try uses(TokenizeNode.self) == ["m": .model])
        #expect(try uses(ForwardNode.self) == ["m": .model])
        #expect(try uses(DelphiCacheNode.self) == ["m": .model])
        #expect(try uses(EncodeNode.self).isEmpty && uses(ReservoirNode.self).isEmpty)
        #expect(try uses(LexicalExplainNode.self).isEmpty && uses(NoExplainNode.self).isEmpty)
        #expect(try uses(ContrastiveExplainNode.self) == ["m": .model])
        #expect(try uses(ExecutionScoreNode.self).isEmpty)
        #expect(try uses(EmbeddingScoreNode.self) == ["m": .sentences])
        #expect(try uses(DetectionScoreNode.self) == ["m": .model])
        #expect(try uses(SurprisalScoreNode.self) == ["m": .reading(.text)])
        #expect(try uses(SimulationScoreNode.self) == ["m": .reading(.values(scale: 10))])
        #expect(try uses(SimulationScoreNode.self, ["scale": "9"]) == ["m": .reading(.values(scale: 9))])
        #expect(try uses(IntruderScoreNode.self) == ["m": .model])
        #expect(try uses(GenerationScoreNode.self) == ["m": .model])
    }

    /// With a scorer the model that explains only answers, and need not tell how likely texts are.
    @Test func anInterventionReadsTextsByItsScorer() throws {
        let alone = try LoneNode.made(InterventionScoreNode.self).models
        #expect(alone.map(\.name) == ["m"] && alone.map(\.purpose) == [.reading(.text)])
        let both = try LoneNode.made(InterventionScoreNode.self, ["scorer": "other"]).models
        #expect(both.map(\.name) == ["m", "other"] && both.map(\.purpose) == [.model, .reading(.text)])
    }

    @Test func aModelIsNamedAtItsPlaceInTheFile() throws {
        let topology = MarkedTopology(
            in: "/absent",
            stages: """
                  nothing: { type: explain, explainer: none, inputs: [evidence] }
                  steered: { type: score, method: intervention, inputs: [nothing], model: ▸far, scorer: ▸subject }
                """)
        let node = try #require(topology.graph().nodes.last)
        #expect(node.models.map(\.mark) == topology.marks)
    }

    @Test func onlyARandomCoderIsAControl() throws {
        let given = [
            ["coder": "random", "like": "x"], ["coder": "neurons"], ["coder": "./random"], ["coder": "random"],
        ]
        // One that cannot be drawn is a fault, not a control.
        #expect(
            try given.map { try LoneNode.made(EncodeNode.self, $0).isRandomControl } == [true, false, false, false])
    }

    @Test func theEncoderOfNegativesIsASentenceEncoderUnlessItJudgesToo() throws {
        func graph(_ score: String) throws -> Graph {
            try MarkedTopology(
                in: "/absent", models: "  near: { path: ./encoder }",
                stages: """
                      words: { type: explain, explainer: lexical, inputs: [evidence] }
                      meant: { type: score, inputs: [words], \(score) }
                    """
            ).graph()
        }
        let semantic = try graph("method: detection, model: far, negatives: [random, semantic], encoder: near")
        #expect(semantic.encoders == ["near"] && semantic.sentenceEncoders == ["near"])
        let both = try graph("method: detection, model: far, negatives: [random, semantic], encoder: far")
        #expect(both.encoders == ["far"] && both.sentenceEncoders.isEmpty)
    }
}
