import Testing

@testable import Topology

@Suite struct RedactedTextTests {
    @Test(arguments: [
        ("  api_key: hunter2", "  api_key: <secret>"),
        ("  api_key: !secret env:KEY", "  api_key: !secret env:KEY"),
        ("models: { a: { \"Token\": hunter2, url: x } }", "models: { a: { \"Token\": <secret>"),
        ("url: https://me:hunter2@host/v1", "url: https://<secret>@host/v1"),
        ("url: https://host/v1 # me@host", "url: https://host/v1 # me@host"),
        ("  tokens: { type: tokenize }", "  tokens: { type: tokenize }"),
        ("brokers: \"${KAFKA:-127.0.0.1:9092}\"", "brokers: \"${KAFKA:-127.0.0.1:9092}\""),
        ("# password: hunter2", "# password: <secret>"),
        ("extra: { \"api_key\": \"hunter2\" }", "extra: { \"api_key\": <secret>"),
        (
            "far: { openai: \"https://me:hunter2@host/v1\", model: a }",
            "far: { openai: \"https://<secret>@host/v1\", model: a }"
        ),
        (
            "far: { openai: \"https://me:hunt@er2@host/v1\", api_key: hunter2 }",
            "far: { openai: \"https://<secret>@host/v1\", api_key: <secret>"
        ),
        ("a: b@c.example # see https://host/@me", "a: b@c.example # see https://host/@me"), ("", ""),
    ])
    func whatIsSecretIsLeftOut(line: String, shown: String) {
        #expect(RedactedText.of(line) == shown)
    }

    @Test func aSecretOfSeveralLinesIsLeftOutWhole() {
        let text = "kafka:\n  key.pem: |\n    abc\n\n      def\n  group: g\npassword:\n  \"one\n   two\"\nlast: 1\n"
        #expect(
            RedactedText.of(text)
                == "kafka:\n  key.pem: <secret>\n    <secret>\n\n      <secret>\n  group: g\npassword:\n  <secret>\n   <secret>\nlast: 1\n"
        )
        // A name of a secret is none.
        #expect(RedactedText.of("api_key:\n  !secret env:KEY\n") == "api_key:\n  !secret env:KEY\n")
    }

    @Test func nothingInItSteersATerminal() {
        #expect(RedactedText.of("name: a\u{1B}[31m\u{202E}b") == "name: a\u{FFFD}[31m\u{FFFD}b")
    }

    @Test func aTopologyWithoutSecretsStaysAsItIs() {
        let text = "version: 1\nname: tiny\nstages:\n  tokens: { type: tokenize, inputs: [corpus] }\n"
        #expect(RedactedText.of(text) == text)
    }
}
