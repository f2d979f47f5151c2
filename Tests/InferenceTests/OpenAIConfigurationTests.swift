import Hashing
import Testing

@testable import Inference

@Suite struct OpenAIConfigurationTests {
    private func model(_ configure: (inout OpenAIConfiguration) -> Void) throws -> OpenAIModel {
        var configuration = OpenAIConfiguration(
            endpoint: "https://host.example/v1/", model: "gpt-x", key: APIKey("sk-very/secret-123\n"))
        configure(&configuration)
        return try OpenAIModel(.fixed(configuration, OpenAIScriptedTransport(.silence)))
    }

    @Test func theDigestNamesWhatDecidesAnswers() throws {
        func digest(_ configure: @escaping (inout OpenAIConfiguration) -> Void) throws -> String {
            try model(configure).digest.description
        }
        let plain = try digest { _ in }
        #expect(try digest { $0.key = nil } == plain)
        #expect(try digest { $0.timeout = .seconds(1) } == plain)
        #expect(try digest { $0.endpoint = "https://host.example/v1" } == plain)
        #expect(try digest { $0.model = "gpt-y" } != plain)
        #expect(try digest { $0.minimumAnswerMass = 0.2 } != plain)
        #expect(try digest { $0.endpoint = "https://other.example/v1" } != plain)
    }

    @Test(arguments: ["", "host/v1", "ftp://host/v1", "https:///v1", "https://me:pw@host/v1", "https://h/v1?key=1"])
    func anEndpointThatIsNoAddressIsRefusedWithoutBeingShown(endpoint: String) throws {
        let error = #expect(throws: InferenceError.self) {
            try model { $0.endpoint = endpoint }
        }
        #expect(error?.kind == .unsupported)
        #expect(error?.message.contains("pw") == false)
    }
}
