import Kafka
import Running
import Sinks
import StateFixtures
import Store
import Testing
import Topology

@testable import Nodes

/// Which nodes reach which brokers, and which sinks take what.
@Suite(.timeLimit(.minutes(5))) struct GraphKafkaTests {
    private func topology(sources: String, sinks: String) -> MarkedTopology {
        MarkedTopology(
            """
            version: 1
            name: tiny
            models: { subject: { path: ./model } }
            sources:
            \(sources)
            stages:
              tokens: { type: tokenize, inputs: [corpus], model: subject }
              residual: { type: forward, inputs: [tokens], model: subject, hookpoints: [layers.1] }
              codes: { type: encode, inputs: [residual], hookpoint: layers.1, coder: ./coder }
              evidence: { type: reservoir, inputs: [codes] }
              words: { type: explain, explainer: lexical, inputs: [evidence] }
              run: { type: score, method: execution, inputs: [words] }
            sinks:
            \(sinks)

            """)
    }

    private static let kafka = "  corpus: { type: kafka, brokers: \"b:1\", topics: [one, two] }"
    private static let results = "  results: { type: kafka, inputs: [words, run], topic: results }"

    private func brokers(_ graph: Graph) throws -> [String: String] {
        try graph.kafkaNodes.reduce(into: [:]) { $0[$1.node.id] = try $1.settings.get().brokers }
    }

    @Test func aSinkWithoutBrokersHasThoseOfTheSource() throws {
        let own = "  refused: { type: kafka, brokers: \"c:2\", inputs: [corpus.rejected], topic: refused }"
        let graph = try topology(sources: Self.kafka, sinks: "\(Self.results)\n\(own)").graph()
        #expect(try brokers(graph) == ["corpus": "b:1", "results": "b:1", "refused": "c:2"])
        #expect(graph.kafkaNodes.map(\.node.id) == ["corpus", "results", "refused"])
        #expect(graph.kafkaNodes.map(\.topics) == [["one", "two"], ["results"], ["refused"]])
    }

    @Test func twoSourcesOfTheSameBrokersAreAsGoodAsOne() throws {
        let more = "  also: { type: kafka, brokers: \"b:1\", topics: [three] }"
        let graph = try topology(sources: "\(Self.kafka)\n\(more)", sinks: Self.results).graph()
        #expect(try brokers(graph)["results"] == "b:1")
    }

    @Test(arguments: [
        "  corpus: { type: stdin }",
        "  corpus: { type: kafka, brokers: \"b:1\", topics: [one] }\n  also: { type: kafka, brokers: \"b:2\", topics: [one] }",
    ]) func withoutOneSourceASinkMustNameItsBrokers(sources: String) throws {
        let graph = try topology(sources: sources, sinks: Self.results).graph()
        let node = try #require(graph.kafkaNodes.first { $0.node.id == "results" })
        let error = try #require(throws: DaemonError.self) { _ = try node.settings.get() }
        #expect(error.kind == .configuration)
        #expect("\(error)" == "results names no `brokers`, and there is no single Kafka source to take them from")
        #expect(throws: DaemonError.self) {
            _ = try graph.openSinks(RunOptions(cores: 1, notice: { _, _ in }), outages: .silent)
        }
    }

    @Test func settingsAreThoseOfTheNodeAloneAndSecretsAreRevealedForTheLibraryOnly() throws {
        let source = """
              corpus:
                type: kafka
                brokers: "b:1"
                topics: [one]
                librdkafka: { sasl.username: gloss, sasl.password: !secret env:PASSWORD, fetch.wait.max.ms: 50 }
            """
        let graph = try topology(sources: source, sinks: Self.results).graph(environment: ["PASSWORD": "open sesame"])
        let nodes = graph.kafkaNodes
        let settings = try #require(nodes.first).settings.get()
        #expect(
            settings.settings == ["sasl.username": "gloss", "sasl.password": "open sesame", "fetch.wait.max.ms": "50"])
        #expect(!"\(settings)".contains("sesame"))
        let node = try #require(graph.all((any ReachesKafka).self).first)
        #expect(!"\(node.settings)".contains("sesame") && !"\(nodes)".contains("sesame"))
        // A sink takes brokers from the source, never its password.
        #expect(try nodes.last?.settings.get().settings == [:])
    }

    @Test func aSecretThatCannotBeReadIsTheNodesFault() throws {
        let sink = """
              results:
                type: kafka
                inputs: [words]
                topic: results
                librdkafka: { sasl.password: !secret file:/absent/password }
            """
        let graph = try topology(sources: Self.kafka, sinks: sink).graph()
        let node = try #require(graph.kafkaNodes.last)
        let error = try #require(throws: TopologyError.self) { _ = try node.settings.get() }
        #expect(
            "\(error)" == "cannot read the secret in `/absent/password`: the file cannot be opened; give the path of a "
                + "readable text file")
    }

    @Test(arguments: [
        (
            "▸bootstrap.servers: x", DiagnosticCode.reservedSetting,
            "the setting `bootstrap.servers` is Gloss' own: use 'brokers:'", "take it out"
        ),
        (
            "▸group.instance.id: x", .reservedSetting, "the setting `group.instance.id` is Gloss' own: use 'group:'",
            "take it out"
        ),
        (
            "sasl.password: ▸x", .plainSecret, "the setting `sasl.password` is a secret and stands here in plain text",
            "write `sasl.password: !secret env:NAME` or `!secret file:PATH`"
        ),
        (
            "sasl.password: ▸!secret env:NOBODY", .unsetVariable,
            "the environment variable `NOBODY`, which holds the setting `sasl.password`, is not set", "set it"
        ),
    ]) func settingsThatMayNotBeGivenAreRefusedForSourcesAndSinks(
        setting: String, code: DiagnosticCode, message: String, help: String
    ) throws {
        let source = Self.kafka.replacing(" }", with: ", librdkafka: { \(setting) } }")
        let sink = Self.results.replacing(" }", with: ", librdkafka: { \(setting) } }")
        for topology in [topology(sources: source, sinks: Self.results), topology(sources: Self.kafka, sinks: sink)] {
            #expect(topology.read().diagnostics == topology.expected((code, message, help)))
        }
    }

    @Test func resultsGoToTheSinksThatNameTheirNodeAndRefusedRecordsToThoseThatNameThePort() throws {
        let sinks = """
            \(Self.results)
              scores: { type: kafka, inputs: [run], topic: scores }
              refused: { type: kafka, inputs: [corpus.rejected], topic: refused }
            """
        let graph = try topology(sources: Self.kafka, sinks: sinks).graph()
        func target(_ sink: String) -> OutboxTarget { OutboxTarget(sink: sink, topic: sink) }
        #expect(graph.outboxTargets == ["words": [target("results")], "run": [target("results"), target("scores")]])
        #expect(graph.deadLetterTargets == ["corpus": [target("refused")]])
    }

    @Test func everySinkIsOpenedUnderItsNameWithoutWaitingForBrokers() async throws {
        let sinks = "\(Self.results)\n  scores: { type: kafka, brokers: \"127.0.0.1:9\", inputs: [run], topic: scores }"
        let source = Self.kafka.replacing("b:1", with: "127.0.0.1:9")
        let graph = try topology(sources: source, sinks: sinks).graph()
        let opened = try graph.openSinks(RunOptions(cores: 1, notice: { _, _ in }), outages: .silent)
        #expect(Set(opened.keys) == ["results", "scores"])
        for sink in opened.values { await sink.close() }
    }

    @Test func aSettingThatTheLibraryDoesNotKnowFailsWithItsName() throws {
        let sink = Self.results.replacing(" }", with: ", librdkafka: { no.such.setting: 1 } }")
        let graph = try topology(sources: Self.kafka, sinks: sink).graph()
        let error = try #require(throws: (any Error).self) {
            _ = try graph.openSinks(RunOptions(cores: 1, notice: { _, _ in }), outages: .silent)
        }
        #expect("\(error)".contains("no.such.setting"))
    }
}
