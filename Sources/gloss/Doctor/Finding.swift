import TerminalText

/// One thing that was checked, and its status.
struct Finding: Sendable, Encodable {
    /// The status.
    enum Status: String, Sendable, Encodable {
        /// As it should be.
        case ok
        /// Topologies run, but slower or less safely than they could.
        case warn
        /// A topology cannot run, or not rightly.
        case fail = "FAIL"
    }

    /// The status.
    let status: Status
    /// The subject of the check, such as `kernel` or `source corpus`.
    let subject: String
    /// The result and, if something is wrong, the remedy; one line without control characters.
    let message: String

    /// Makes a finding; line breaks in the texts become blanks.
    init(_ status: Status, _ subject: String, _ message: String) {
        self.status = status
        self.subject = PlainText.line(subject)
        self.message = PlainText.line(message)
    }

    /// The finding as a line of a terminal.
    var text: String {
        let columns = [status.rawValue.padded(to: 5), subject.padded(to: 18)]
        return columns.joined(separator: " ") + " " + message
    }
}
