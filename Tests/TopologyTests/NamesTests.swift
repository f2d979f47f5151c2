import Testing

@testable import Topology

@Suite struct NamesTests {
    @Test(arguments: ["a", "A-b_9", String(repeating: "x", count: 100)]) func takesNames(name: String) {
        #expect(Names.isName(name))
    }

    @Test(arguments: ["", "9a", "_a", "-a", "a.b", "a b", "é", "a/b", "a\n", String(repeating: "x", count: 101)])
    func refusesOtherNames(name: String) {
        #expect(!Names.isName(name))
    }

    @Test(arguments: [
        "layers.0", "layers.10", "layers.3.mlp", "layers.3.attn", "layers.3.mlp.input", "layers.3.mlp.input.normalized",
        "embed",
    ])
    func takesHookpoints(name: String) {
        #expect(Names.isHookpoint(name))
    }

    @Test(arguments: [
        "", "layers", "layers.", "layers.-1", "layers.+1", "layers.01", "layers.x", "layers.3.", "layers..3", "layer.3",
        "layers.10000", "layers.3.m lp", "layers.3.a.b.c.d", "embed.0", "LAYERS.3", "layers.99999999999999999999",
    ]) func refusesOtherHookpoints(name: String) {
        #expect(!Names.isHookpoint(name))
    }

    @Test(arguments: ["127.0.0.1:8080", "localhost:0", "[::1]:80", "[fe80::1%eth0]:80", "my-host.example:65535"])
    func takesAddresses(text: String) {
        #expect(Names.isAddress(text))
    }

    @Test(arguments: [
        "", ":80", "host", "host:", "host:65536", "host:-1", "host:+1", "::1:80", "[]:80", "a b:80", "http://a:80",
    ])
    func refusesOtherAddresses(text: String) {
        #expect(!Names.isAddress(text))
    }

    @Test(arguments: ["http://a", "https://host:8000/v1", "https://user@host/v1", "http://[::1]:80/"])
    func takesURLs(text: String) {
        #expect(Names.isURL(text))
    }

    @Test(arguments: [
        "", "http://", "host/v1", "ftp://host", "https:///v1", "https://:80/v1", "https://a b/", "HTTPS//a",
    ])
    func refusesOtherURLs(text: String) {
        #expect(!Names.isURL(text))
    }

    @Test(arguments: [
        ("sasl.password", true), ("ssl.key.password", true), ("ssl.keystore.password", true), ("ssl.key.pem", true),
        ("sasl.oauthbearer.client.secret", true), ("sasl.oauthbearer.assertion.private.key.passphrase", true),
        ("SASL.PASSWORD", true), ("sasl.username", false), ("ssl.key.location", false), ("fetch.min.bytes", false),
        ("ssl.certificate.pem", false),
    ]) func knowsWhichSettingsAreSecret(name: String, expected: Bool) {
        #expect(Names.isSecretSetting(name) == expected)
    }
}
