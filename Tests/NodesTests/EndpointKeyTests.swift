import Foundation
import Inference
import Running
import StateFixtures
import Testing
import Topology

@testable import Nodes

/// How an endpoint of a topology is asked, and where its key comes from.
@Suite struct EndpointKeyTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func topology(_ rest: String) -> MarkedTopology {
        MarkedTopology(
            in: directory.path, models: "  judge: { openai: \"https://host/v1\", model: large\(rest) }")
    }

    private func endpoint(_ rest: String, environment: [String: String] = [:]) throws -> ModelEndpoint {
        let entry = try topology(rest).graph(environment: environment).topology.models["judge"]
        let endpoint: ModelEndpoint? = if case .openAI(let endpoint) = entry { endpoint } else { nil }
        return try #require(endpoint)
    }

    private func configuration(_ rest: String, environment: [String: String] = [:]) throws -> OpenAIConfiguration {
        try OpenAIConfiguration(endpoint(rest, environment: environment))
    }

    private func file(_ text: String) throws -> String {
        let path = directory.path + "/key"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test func anEndpointIsAskedByTheSettingsOfItsEntry() throws {
        let usual = try configuration("")
        #expect(usual.endpoint == "https://host/v1" && usual.model == "large" && usual.key == nil)
        #expect(usual.concurrency == 4 && usual.timeout == .seconds(60))
        // The first attempt is not a retry.
        #expect(usual.retry.maximumAttempts == 6)
        let chosen = try configuration(", concurrency: 1, timeout: 250ms, retries: 0")
        #expect(chosen.concurrency == 1 && chosen.timeout == .milliseconds(250) && chosen.retry.maximumAttempts == 1)
    }

    @Test func aKeyComesFromTheEnvironment() throws {
        let configuration = try configuration(", api_key: !secret env:KEY", environment: ["KEY": "sk-1"])
        #expect(configuration.key == APIKey("sk-1"))
        #expect(!"\(configuration)".contains("sk-1"))
    }

    @Test(arguments: ["sk-2", "sk-2\n", "sk-2\r\n", " sk-2 \n\n"])
    func aKeyComesFromAFileWithoutTheWhiteSpaceAroundIt(text: String) throws {
        #expect(try configuration(", api_key: !secret file:\(file(text))").key == APIKey("sk-2"))
    }

    /// A file may change between the check and the run, so that it is read when the endpoint is asked.
    @Test func aFileIsReadWhenTheKeyIsNeeded() throws {
        let path = try file("sk-old")
        let endpoint = try endpoint(", api_key: !secret file:\(path)")
        _ = try file("sk-new")
        #expect(try OpenAIConfiguration(endpoint).key == APIKey("sk-new"))
    }

    @Test(arguments: ["", "\n", "two words", "one\ntwo", "schlüssel"]) func aTextThatIsNoKeyIsRefusedWithoutShowingIt(
        text: String
    ) throws {
        let path = try file(text)
        let error = try #require(throws: DaemonError.self) {
            _ = try configuration(", api_key: !secret file:\(path)")
        }
        #expect(error.kind == .configuration)
        #expect("\(error)" == "the API key for https://host/v1 is empty or not one line of plain text")
    }

    @Test func aFileThatIsNotThereIsNamed() throws {
        let error = try #require(throws: TopologyError.self) {
            _ = try configuration(", api_key: !secret file:\(directory.path)/absent")
        }
        #expect(
            "\(error)"
                == "cannot read the secret in `\(directory.path)/absent`: the file cannot be opened; give the path "
                + "of a readable text file")
    }

    @Test(arguments: [
        (
            "▸!secret env:NOBODY", DiagnosticCode.unsetVariable,
            "the environment variable `NOBODY`, which holds `api_key` of the model `judge`, is not set", "set it"
        ),
        (
            "▸sk-3", .plainSecret, "`api_key` of the model `judge` is a secret and stands here in plain text",
            "write `api_key: !secret env:NAME` or `!secret file:PATH`"
        ),
        (
            "▸!secret sk-3", .badSecret, "`api_key` of the model `judge` is a secret without a source",
            "write `api_key: !secret env:NAME` or `!secret file:PATH`"
        ),
    ]) func aKeyThatIsNotASecretOrNotThereIsRefusedAtItsPlace(
        key: String, code: DiagnosticCode, message: String, help: String
    ) {
        let topology = topology(", api_key: \(key)")
        let errors = topology.read().diagnostics.filter { $0.severity == .error }
        #expect(errors == topology.expected((code, message, help)))
    }
}
