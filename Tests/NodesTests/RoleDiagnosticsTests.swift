import Observability
import Running
import Shuffle
import Testing
import Topology

@testable import Nodes

/// Which topologies cannot be shared by several processes, and where they say so.
@Suite struct RoleDiagnosticsTests {
    private func topology(_ header: String, source: String, latents: String = "all") -> MarkedTopology {
        MarkedTopology(
            """
            version: 1
            name: tiny
            \(header)
            models: { subject: { path: ./model } }
            sources: { corpus: \(source) }
            stages:
              tokens: { type: tokenize, inputs: [corpus], model: subject }
              residual: { type: forward, inputs: [tokens], model: subject, hookpoints: [layers.1] }
              codes: { type: encode, inputs: [residual], hookpoint: layers.1, coder: ./coder }
              evidence: { type: reservoir, inputs: [codes] }
              words: { type: explain, explainer: lexical, inputs: [evidence], latents: \(latents) }

            """)
    }

    private static let shuffle = "shuffle: { brokers: \"b:1\", topic: told, shards: 6 }"
    private static let kafka = "{ type: kafka, brokers: \"b:1\", topics: [texts] }"
    private static let roles: [Role] = [
        .ingest(OwnedShards(ordinal: 0, of: 5)), .evidence(OwnedShards(ordinal: 1, of: 3)),
    ]

    @Test(arguments: roles) func aTopologyWithAShuffleAndTopicsCanBeShared(role: Role) throws {
        let graph = try topology(Self.shuffle, source: Self.kafka).graph()
        #expect(graph.roleDiagnostics(role, file: "t.yaml").isEmpty)
    }

    @Test(arguments: roles) func aShuffleIsNeeded(role: Role) throws {
        let graph = try topology("", source: Self.kafka).graph()
        let found = graph.roleDiagnostics(role, file: "t.yaml")
        #expect(found.map(\.code) == ["E620"] && found.first?.mark?.line == 2)
        #expect(graph.roleDiagnostics(.whole, file: "t.yaml").isEmpty)
    }

    @Test func sharesMustBeDealtOutEvenly() throws {
        let graph = try topology(Self.shuffle, source: Self.kafka).graph()
        let found = graph.roleDiagnostics(.evidence(OwnedShards(ordinal: 0, of: 4)), file: "t.yaml")
        #expect(found.map(\.code) == ["E620"] && found.first?.mark?.line == 3)
    }

    @Test func sourcesOfOneProcessAndLatentsThatNobodyKnowsAreRefused() throws {
        let graph = try topology(Self.shuffle, source: "{ type: stdin }", latents: "{ firing: 3 }").graph()
        let found = graph.roleDiagnostics(Self.roles[1], file: "t.yaml")
        #expect(found.map(\.code) == ["E620", "E620"])
        #expect(found.first?.message.contains("corpus") == true && found.last?.message.contains("words") == true)
    }

    @Test func ownersReadTheirTopicInPlaceOfTheCorpus() throws {
        let graph = try topology(Self.shuffle, source: Self.kafka).graph()
        #expect(graph.barrierNodes(in: .whole) == ["residual"] && graph.terminals(in: .whole) == ["evidence"])
        #expect(graph.barrierNodes(in: Self.roles[0]) == ["residual"])
        #expect(graph.brokerRoles(in: Self.roles[0]) == ["corpus": .source, "shuffle": .sink])
        #expect(graph.tellingSources == ["evidence.shuffle"])
        #expect(graph.barrierNodes(in: Self.roles[1]) == graph.tellingSources)
        #expect(graph.terminals(in: Self.roles[1]) == ["evidence"])
        #expect(graph.brokerRoles(in: Self.roles[1]) == ["evidence.shuffle": .source])
        let part = Self.roles[1].part(of: graph.topology)
        #expect(part.state.directory == "./state/tiny/shards-1-of-3")
        #expect(Self.roles[0].part(of: graph.topology).state.directory == "./state/tiny")
    }
}
