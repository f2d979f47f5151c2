import Testing

@testable import Topology

/// The settings under `http`.
@Suite struct HTTPFieldsTests {
    private func read(
        _ http: String, environment: [String: String] = [:]
    ) throws -> (settings: HTTPSettings?, findings: [Diagnostic]) {
        let source = try GoldenTopologyTests.text("example.yaml")
            .replacing("http: 127.0.0.1:8080", with: "http: \(http)")
        let result = ExampleSchemas.reader(environment: environment).read(text: source, file: "example.yaml")
        return (result.topology?.httpSettings, result.diagnostics)
    }

    @Test(arguments: ["127.0.0.1:8080", "{ address: \"127.0.0.1:8080\" }"])
    func whatIsNotGivenHasItsDefault(http: String) throws {
        let limits = try read(http).settings?.limits
        #expect(limits == HTTPLimits(connections: 256, requestMilliseconds: 10_000, idleMilliseconds: 75_000))
        #expect(limits == .standard)
    }

    @Test func limitsAreRead() throws {
        let limits = try read(
            "{ address: \"127.0.0.1:8080\", connections: 12, request_timeout: 500ms, idle_timeout: 5m }"
        ).settings?.limits
        #expect(limits == HTTPLimits(connections: 12, requestMilliseconds: 500, idleMilliseconds: 300_000))
    }

    @Test(arguments: ["connections: 0", "request_timeout: 3", "idle_timeout: soon", "connection: 5"])
    func aFaultyLimitIsReported(field: String) throws {
        let read = try read("{ address: \"127.0.0.1:8080\", \(field) }")
        #expect(read.findings.count == 1)
    }

    @Test(arguments: ["", " ", "\t\n"]) func aTokenThatIsEmptyIsReportedWithItsVariable(value: String) throws {
        let http = "{ address: \"0.0.0.0:8080\", token: !secret env:GLOSS_TOKEN }"
        let findings = try read(http, environment: ["GLOSS_TOKEN": value]).findings
        #expect(findings.map(\.code) == ["E503"])
        #expect(
            findings.first?.message
                == "the environment variable `GLOSS_TOKEN`, which holds `token` of `http`, is empty")
        #expect(try read(http, environment: ["GLOSS_TOKEN": "x"]).findings.isEmpty)
    }
}
