import JSONText

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
        try SortedJSON.text(of: self)
    }
}
