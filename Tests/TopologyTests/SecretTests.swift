import Foundation
import Testing

@testable import Topology

@Suite struct SecretTests {
    private func withFile(_ bytes: [UInt8], _ body: (Secret) throws -> Void) throws {
        let file = FileManager.default.temporaryDirectory.appending(component: "gloss-secret-\(UUID().uuidString)")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        try body(Secret("file:" + file.path, environment: [:]))
    }

    @Test func isNeverPrinted() throws {
        let secret = try Secret("env:KEY", environment: ["KEY": "hunter2"])
        var dumped = ""
        dump([secret], to: &dumped)
        for text in ["\(secret)", String(describing: secret), String(reflecting: secret), "\([secret])", dumped] {
            #expect(text.contains("<secret>"))
            #expect(!text.contains("hunter2"))
        }
        #expect(try secret.reveal() == "hunter2")
    }

    @Test(arguments: [("abc", "abc"), ("abc\n", "abc"), ("abc\r\n", "abc"), ("a\nb\n\n", "a\nb\n"), ("", "")])
    func aFileIsReadWithoutItsLastNewline(content: String, expected: String) throws {
        try withFile(Array(content.utf8)) { secret in
            let revealed = try secret.reveal()
            #expect(revealed == expected)
        }
    }

    @Test(arguments: [[0xFF, 0xFE], [UInt8](repeating: 65, count: 65_537)]) func aFileThatIsNoSecretIsRefused(
        bytes: [UInt8]
    )
        throws
    {
        try withFile(bytes) { secret in
            _ = #expect(throws: TopologyError.self) { try secret.reveal() }
        }
    }

    @Test func aMissingFileAndADirectoryAreRefused() throws {
        for path in ["/nonexistent/secret", "/tmp"] {
            let secret = try Secret("file:" + path, environment: [:])
            #expect(throws: TopologyError.self) { try secret.reveal() }
        }
    }

    @Test(arguments: ["", "env:", "file:", "env:A B", "env:1", "KEY", "vault:x", "env", "file:a\0b"])
    func otherFormsAreRefused(written: String) {
        #expect(throws: SecretFault.malformed) { try Secret(written, environment: [:]) }
    }

    @Test func anUnsetVariableIsRefused() {
        #expect(throws: SecretFault.unset(name: "KEY")) { try Secret("env:KEY", environment: [:]) }
    }
}
