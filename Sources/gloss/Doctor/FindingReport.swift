import Foundation

/// All findings, as one object.
struct FindingReport: Encodable {
    /// Whether nothing fails.
    let sound: Bool
    /// The findings, in the order in which they were made.
    let findings: [Finding]

    init(_ findings: [Finding]) {
        self.findings = findings
        sound = !findings.contains { $0.status == .fail }
    }

    /// The report as JSON on one line: `sound`, and `findings`, each with `status`, `subject` and `message`.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
