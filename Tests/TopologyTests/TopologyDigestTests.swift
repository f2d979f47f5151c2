import Testing
import Topology

@Suite struct TopologyDigestTests {
    private func topology(_ edits: [(String, String)] = [], environment: [String: String] = [:]) throws -> Topology {
        var source = try GoldenTopologyTests.text("example.yaml")
        for (old, new) in edits {
            #expect(source.contains(old))
            source = source.replacing(old, with: new)
        }
        let result = ExampleSchemas.reader(environment: environment).read(text: source, file: "t.yaml")
        #expect(result.diagnostics == [])
        return try #require(result.topology)
    }

    @Test func isTheSameForStateDirectoryAddressAndSecrets() throws {
        let before = try topology().digest
        #expect(try topology([("./state/quickstart", "./elsewhere")]).digest == before)
        #expect(try topology([("http: 127.0.0.1:8080\n", "")]).digest == before)
        #expect(try topology([("http: 127.0.0.1:8080\n", "budget: { tokens: 5000, cost: 2.5 }\n")]).digest == before)
        let secret = ("start: earliest", "start: earliest, librdkafka: { sasl.password: !secret env:A }")
        let one = try topology([secret], environment: ["A": "1"]).digest
        #expect(try topology([secret], environment: ["A": "2"]).digest == one)
        #expect(one != before)
    }

    @Test func isTheSameHoweverTheSameContentIsWritten() throws {
        let before = try topology().digest
        #expect(try topology([("window: 32, sample: 256", "sample: 256, window: 32")]).digest == before)
        #expect(try topology([("top: 16, ", "")]).digest == before)
        #expect(try topology([("checkpoint: 10s", "checkpoint: 10000ms")]).digest == before)
        #expect(try topology([("inputs: [prose, lexical]", "inputs: [lexical, prose]")]).digest == before)
        #expect(try topology([("127.0.0.1:9092", "x:1")], environment: ["KAFKA": "127.0.0.1:9092"]).digest == before)
    }

    @Test(arguments: [
        ("window: 32", "window: 33"), ("name: quickstart", "name: other"), ("layers.10]", "layers.9]"),
        ("seed: 7 } }\n\n", "seed: 8 } }\n\n"), ("checkpoint: 10s", "checkpoint: 11s"),
        ("inputs: [prose, lexical]", "inputs: [lexical]"), ("<|endoftext|>", "none"),
    ]) func changesWithTheContent(edit: (String, String)) throws {
        let before = try topology().digest
        #expect(try topology([edit]).digest != before)
    }

    @Test func changesWithAModelThatIsNamedAndWithHowFastAServerIsAsked() throws {
        let path = "judge:   { path: ./models/SmolLM2-135M-Instruct.Q4_1.gguf }"
        let before = try topology().digest
        #expect(try topology([(path, "judge: { path: ./other.gguf }")]).digest != before)
        let slow = try topology([(path, "judge: { openai: https://host/v1, model: m }")]).digest
        #expect(
            try topology([(path, "judge: { openai: https://host/v1, model: m, concurrency: 64, timeout: 1h }")]).digest
                != slow)
    }
}
