import Foundation
import Testing

/// The recorded texts in `Tests/Golden/regression`.
enum RecordedGolden {
    /// Where they are.
    static let folder = Folders.golden.appending(path: "regression")

    /// Compares a text with the recorded one, byte by byte, and tells of the first line that differs.
    ///
    /// With `GLOSS_RECORD_GOLDENS` set, writes it and fails, so that the change is looked at.
    static func compare(_ found: String, with name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = folder.appending(path: name)
        let bytes = Data(found.utf8)
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

    private static func lines(of bytes: Data) -> [Data] {
        bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
    }
}
