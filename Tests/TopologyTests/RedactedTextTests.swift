import Testing
import Topology

@Suite struct RedactedTextTests {
    @Test(arguments: [
        ("name: tiny\nstages: {}\n", "name: tiny\nstages: {}\n"),
        ("  token: !secret env:KEY", "  token: !secret env:KEY"),
        ("# password: hunter2", "# password: <secret>"),
        (
            "far: { openai: \"https://me:hunter2@host/v1\", model: a }",
            "far: { openai: \"https://<secret>@host/v1\", model: a }"
        ),
        ("extra: { \"api_key\": \"hunter2\" }", "extra: { \"api_key\": <secret>"),
        ("a: b@c.example # see https://host/@me", "a: b@c.example # see https://host/@me"), ("", ""),
    ]) func whatLooksLikeASecretIsCoveredAndNothingElse(text: String, shown: String) {
        #expect(RedactedText.of(text) == shown)
    }
}
