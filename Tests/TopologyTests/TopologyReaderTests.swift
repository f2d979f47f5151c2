import Testing

@testable import Topology

@Suite struct TopologyReaderTests {
    private func example() throws -> Topology {
        let source = try GoldenTopologyTests.text("example.yaml")
        let result = ExampleSchemas.reader().read(text: source, file: "example.yaml")
        #expect(result.diagnostics == [])
        return try #require(result.topology)
    }

    @Test func readsTheHeaderOfTheExample() throws {
        let topology = try example()
        #expect(topology.version == 1)
        #expect(topology.name == "quickstart")
        #expect(
            topology.state
                == StateSettings(directory: "./state/quickstart", checkpointMilliseconds: 10_000, memoryBytes: 4 << 30))
        #expect(topology.http == "127.0.0.1:8080")
        #expect(topology.httpSettings?.token == nil)
    }

    @Test func readsTheModelsOfTheExample() throws {
        let models = try example().models
        #expect(models.keys.sorted() == ["judge", "subject"])
        guard case .file(let subject) = models["subject"], case .file(let judge) = models["judge"] else {
            Issue.record("both models are files")
            return
        }
        #expect(subject.path == "./models/SmolLM2-135M-Instruct.Q4_1.gguf")
        #expect(subject.bos == .token("<|endoftext|>"))
        #expect(subject.mark == SourceMark(line: 7, column: 20))
        #expect(judge.bos == .auto)
        #expect(judge.bosMark == judge.mark)
        #expect(judge.activations == .int8)
    }

    @Test func readsTheFieldsOfTheExampleWithDefaults() throws {
        let topology = try example()
        let corpus = try #require(topology.node("corpus"))
        #expect(corpus.string("brokers") == "127.0.0.1:9092")
        #expect(corpus.list("topics") == ["corpus"])
        #expect(corpus.string("format") == "json")
        #expect(corpus.settings("librdkafka")?.isEmpty == true)
        let evidence = try #require(topology.node("evidence"))
        #expect(["window", "sample", "top", "pool", "seed"].map(evidence.integer) == [32, 256, 16, 16_384, 7])
        let prose = try #require(topology.node("prose"))
        #expect(prose.string("explainer") == "default")
        #expect(prose.number("threshold") == 0.3)
        #expect(prose.latents("latents") == .sample(count: 24, seed: 7))
        #expect(prose.inputs.map(\.node) == ["evidence"])
        let lexical = try #require(topology.node("lexical"))
        #expect(lexical.latents("latents") == .all)
        #expect(lexical.schema.variant?.value == "lexical")
        #expect(topology.node("codes")?.boolean("mask_first") == true)
        #expect(topology.node("rejected")?.inputs.map(\.port) == ["rejected"])
        #expect(topology.node("absent") == nil)
    }

    @Test func marksPointAtValuesAndElements() throws {
        let topology = try example()
        let residual = try #require(topology.node("residual"))
        #expect(residual.mark == SourceMark(line: 15, column: 3))
        #expect(residual.mark(of: "model") == SourceMark(line: 15, column: 57))
        #expect(residual.mark(of: "hookpoints") == SourceMark(line: 15, column: 78))
        #expect(residual.mark(of: "hookpoints", element: 0) == SourceMark(line: 15, column: 79))
        #expect(residual.mark(of: "hookpoints", element: 1) == residual.mark(of: "hookpoints"))
        #expect(residual.mark(of: "absent") == residual.mark)
    }

    @Test func nodesStandInFileOrderAndInAnOrderThatFollowsTheEdges() throws {
        let topology = try example()
        #expect(topology.nodes.first?.id == "corpus")
        #expect(topology.nodes.last?.id == "rejected")
        let order = topology.topologicalOrder.map(\.id)
        #expect(order.sorted() == topology.nodes.map(\.id).sorted())
        for node in topology.nodes {
            for input in node.inputs {
                let producer = try #require(order.firstIndex(of: input.node))
                let reader = try #require(order.firstIndex(of: node.id))
                #expect(producer < reader)
            }
        }
    }

    @Test func readsModelsBehindServersAndSecrets() throws {
        let source = try GoldenTopologyTests.text("secrets.yaml")
        let result = ExampleSchemas.reader().read(text: source, file: "secrets.yaml")
        let topology = try #require(result.topology)
        guard case .openAI(let judge) = topology.models["judge"] else {
            Issue.record("the judge is behind a server")
            return
        }
        #expect(judge.url == "https://host/v1")
        #expect((judge.concurrency, judge.timeoutMilliseconds, judge.retries) == (8, 120_000, 5))
        #expect(try judge.apiKey?.reveal() == "hunter2")
        #expect(judge.apiKey?.source == "env:GLOSS_LLM_KEY")
        #expect(topology.http == "[::1]:8080")
        #expect(topology.httpSettings?.token?.source == "file:/run/token")
        let settings = try #require(topology.node("corpus")?.settings("librdkafka"))
        guard case .secret(let password) = settings["sasl.password"],
            case .plain(let size) = settings["fetch.min.bytes"]
        else {
            Issue.record("the password is a secret, the size is not")
            return
        }
        #expect(try password.reveal() == "hunter2")
        #expect(size == "1")
        var dumped = ""
        dump(topology, to: &dumped)
        #expect(!dumped.contains("hunter2"))
    }

    private func reading(_ head: String, endpoint: String = "") throws -> (topology: Topology?, codes: [String]) {
        var source = try GoldenTopologyTests.text("secrets.yaml")
        source = source.replacing("name: ", with: head + "\nname: ", maxReplacements: 1)
        source = source.replacing("model: m,", with: "model: m\(endpoint),")
        let result = ExampleSchemas.reader().read(text: source, file: "s.yaml")
        return (result.topology, result.diagnostics.map(\.code))
    }

    @Test func readsBudgetsAndPrices() throws {
        let (topology, codes) = try reading(
            "budget: { tokens: 50000000, cost: 12.5 }", endpoint: ", price_input: 2, price_output: 10.5")
        #expect(codes == [])
        #expect(topology?.budget == Budget(tokens: 50_000_000, cost: 12.5))
        guard case .openAI(let judge) = topology?.models["judge"] else {
            Issue.record("the judge is behind a server")
            return
        }
        // What nothing is said about costs what other tokens do.
        #expect(judge.prices == TokenPrices(input: 2, output: 10.5, cached: 2))
        #expect(try reading("").topology?.budget == nil)
    }

    @Test func faultsInBudgetsAndPricesAreSaidToBe() throws {
        #expect(try reading("budget: 7").codes == ["E301"])
        #expect(try reading("budget: { tokens: -1 }").codes == ["E302"])
        #expect(try reading("budget: { token: 1 }").codes == ["E201"])
        #expect(try reading("", endpoint: ", price_cached: 1").codes == ["E202"])
    }

    @Test func expandsVariables() throws {
        let source = try GoldenTopologyTests.text("variables.yaml")
        let topology = try #require(ExampleSchemas.reader().read(text: source, file: "v.yaml").topology)
        #expect(topology.node("tokens")?.integer("context") == 12)
        #expect(topology.node("evidence")?.integer("window") == 16)
        #expect(topology.node("results")?.string("topic") == "$hunter2$")
        #expect(topology.name == "quickstart")
    }

    @Test func readsEveryFormOfLatents() throws {
        let source = try GoldenTopologyTests.text("latents.yaml")
        let topology = try #require(ExampleSchemas.reader().read(text: source, file: "l.yaml").topology)
        #expect(topology.node("lexical")?.latents("latents") == .all)
        #expect(topology.node("executed")?.latents("latents") == .list([5, 1]))
        #expect(topology.node("detected")?.latents("latents") == .range(3..<9))
        #expect(topology.node("prose")?.latents("latents") == .sample(count: 24, seed: 0))
    }
}
