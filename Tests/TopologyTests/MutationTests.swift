import TestSupport
import Testing
import Topology

/// Feeds the reader with what a slip of the editor, and a malicious one, might make of a file.
@Suite struct MutationTests {
    private static let inserts: [[UInt8]] = [
        "{", "}", "[", "]", ":", ",", "\"", "'", "#", "&a ", "*a", "!secret ", "!!int ", "${", "}", "$", "- ", "? ",
        "|\n", ">\n", "\n", "\r", "\t", " ", "<<: ", "\u{85}", "\u{2028}", "é", "e\u{301}", "\u{FEFF}", "\u{E000}",
        "99999999999999999999", "-1", "null", "---\n", "...\n", "%YAML 1.1\n", "\\", "\u{0}", "\u{1B}[31m", ".", "..",
    ].map { Array($0.utf8) }

    private func mutated(_ bytes: [UInt8], using random: inout SplitMix) -> [UInt8] {
        var bytes = bytes
        for _ in 0...Int.random(in: 0..<4, using: &random) {
            let index = Int.random(in: 0..<max(1, bytes.count), using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0:
                let end = min(bytes.count, index + Int.random(in: 1...8, using: &random))
                if index < end { bytes.removeSubrange(index..<end) }
            case 1:
                let insert = Self.inserts[Int.random(in: 0..<Self.inserts.count, using: &random)]
                bytes.insert(contentsOf: insert, at: min(index, bytes.count))
            case 2:
                if index < bytes.count { bytes[index] = UInt8.random(in: 0...255, using: &random) }
            case 3:
                var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                let first = Int.random(in: 0..<lines.count, using: &random)
                lines.swapAt(first, Int.random(in: 0..<lines.count, using: &random))
                bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
            default:
                var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                let line = lines[Int.random(in: 0..<lines.count, using: &random)]
                lines.insert(line, at: Int.random(in: 0...lines.count, using: &random))
                bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
            }
        }
        return bytes
    }

    @Test(arguments: 0..<8) func neverTrapsAndKeepsItsPromises(seed: Int) throws {
        let original = Array(try GoldenTopologyTests.text("example.yaml").utf8)
        let reader = ExampleSchemas.reader()
        var random = SplitMix(state: UInt64(seed))
        var accepted = 0
        for _ in 0..<300 {
            let source = String(decoding: mutated(original, using: &random), as: UTF8.self)
            let (topology, diagnostics) = reader.read(text: source, file: "mutated.yaml")
            #expect((topology == nil) == diagnostics.contains { $0.severity == .error }, "\(source)")
            let printed = diagnostics.render(source: source, colour: false)
            #expect(printed.isEmpty == diagnostics.isEmpty)
            #expect(!printed.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
            for diagnostic in diagnostics {
                let mark = try #require(diagnostic.mark)
                #expect(mark.line >= 1 && mark.column >= 1)
                #expect(DiagnosticCode(rawValue: diagnostic.code) != nil)
            }
            if topology != nil { accepted += 1 }
        }
        // Mutations of comments, names and numbers leave a valid file; most others do not.
        #expect(accepted > 0 && accepted < 300)
    }

    @Test func everyPrefixOfTheExampleIsReadWithoutTrap() throws {
        let source = try GoldenTopologyTests.text("example.yaml")
        let reader = ExampleSchemas.reader()
        for length in stride(from: 0, to: source.utf8.count - 40, by: 7) {
            let prefix = String(decoding: source.utf8.prefix(length), as: UTF8.self)
            let (topology, diagnostics) = reader.read(text: prefix, file: "prefix.yaml")
            #expect((topology == nil) == diagnostics.contains { $0.severity == .error })
        }
    }
}
