/// Something wrong, or suspicious, in a topology file.
public struct Diagnostic: Sendable, Hashable {
    /// How bad it is.
    public enum Severity: String, Sendable, Hashable {
        /// The topology cannot run.
        case error
        /// The topology can run, but hardly as it was meant.
        case warning
    }

    /// How bad it is.
    public let severity: Severity
    /// The file's name, as it was given.
    public let file: String
    /// Its place; `nil` if it concerns the whole file.
    public let mark: SourceMark?
    /// The stable code; those in use are the cases of `DiagnosticCode`.
    public let code: String
    /// A description of the fault: one sentence without a full stop.
    public let message: String
    /// The remedy, if it is known.
    public let help: String?

    /// Makes a diagnostic with any code.
    public init(
        severity: Severity, file: String, mark: SourceMark?, code: String, message: String, help: String? = nil
    ) {
        self.severity = severity
        self.file = file
        self.mark = mark
        self.code = code
        self.message = message
        self.help = help
    }

    /// Makes a diagnostic with a known code, which decides the severity.
    public init(_ code: DiagnosticCode, file: String, mark: SourceMark?, message: String, help: String? = nil) {
        self.init(
            severity: code.severity, file: file, mark: mark, code: code.rawValue, message: message, help: help)
    }
}
