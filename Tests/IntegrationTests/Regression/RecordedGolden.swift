import Foundation
import TestSupport
import Testing

/// The recorded texts in `Tests/Golden/regression`.
enum RecordedGolden {
    /// Where they are.
    static let folder = URL(filePath: GoldenFiles.path("regression"))

    /// Compares a text with the recorded one, byte by byte, and tells of the first line that differs.
    ///
    /// With `GLOSS_RECORD_GOLDENS` set, writes it and fails, so that the change is looked at.
    static func compare(_ found: String, with name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = folder.appending(path: name)
        let bytes = Data(withoutWhatTimingDecides(found).utf8)
        if ProcessInfo.processInfo.environment["GLOSS_RECORD_GOLDENS"] != nil {
            try bytes.write(to: file)
            Issue.record("recorded \(name), \(bytes.count) bytes", sourceLocation: sourceLocation)
            return
        }
        let expected = try Data(contentsOf: file)
        guard bytes != expected else { return }
        let (new, old) = (lines(of: bytes), lines(of: expected))
        let number = zip(new, old).enumerated().first { $1.0 != $1.1 }?.offset ?? min(new.count, old.count)
        func line(_ lines: [Data]) -> String {
            lines.indices.contains(number) ? String(decoding: lines[number].prefix(2000), as: UTF8.self) : "the end"
        }
        Issue.record(
            """
            \(name) is not as recorded: \(new.count) lines for \(old.count); the first that differs is line \(number + 1)
            recorded: \(line(old))
            now:      \(line(new))
            """, sourceLocation: sourceLocation)
    }

    /// A text without the tokens that the node `embedded` was charged for, and those that a model here had read before.
    ///
    /// The node shares its encoder with the semantic tier of another one, and a text that both need is charged to whichever asks
    /// first. How much of a prompt has been read before depends on what was asked meanwhile.
    static func withoutWhatTimingDecides(_ text: String) -> String {
        text.replacing(/(?m)^(  embedded +embedding .* )\d+ +$/) { "\($0.1)N" }
            .replacing(/(?m)^(  embedded +embedding .*\n    median .* tokens )\d+$/) { "\($0.1)N" }
            .replacing(/(?m)^(  embedded\(lexical\) +embedding +\d+ +)\d+ +/) { "\($0.1)N " }
            .replacing(/("paper_tokens_in":4000,"tokens_in":)[0-9.]+/) { "\($0.1)N" }
            .replacing(/("method":"embedding".*"tokens_in":)\d+/) { "\($0.1)N" }
            .replacing(/("node":"embedded","tokens_per_latent":)[0-9.]+/) { "\($0.1)N" }
            .replacing(/("paper_tokens_out":240,"tokens_cached":)[0-9.]+/) { "\($0.1)N" }
            .replacing(/("tokens_cached":)\d+(,"tokens_in":\d+,"tokens_out":\d+,"upper")/) { "\($0.1)N\($0.2)" }
            .replacing(/(?m)^(  inside\(lexical\) +detection +\d+ +\d+ +)\d+ +/) { "\($0.1)N " }
    }

    private static func lines(of bytes: Data) -> [Data] {
        bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
    }
}
