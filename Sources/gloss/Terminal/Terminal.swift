import Foundation
import TerminalText

/// The terminal, or whatever stands in its place.
enum Terminal {
    /// Whether standard error is a terminal.
    static let isErrorTerminal: Bool = isatty(STDERR_FILENO) == 1

    /// Whether standard error is a terminal that can redraw a line.
    static let isInteractive: Bool = isErrorTerminal && ProcessInfo.processInfo.environment["TERM"] != "dumb"

    /// Whether colour is wanted on standard error.
    static let isColouredOnError: Bool = !forbidsColour && isInteractive

    /// Whether the environment forbids colours.
    private static let forbidsColour: Bool = !(ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

    /// How tokens are set apart on standard output: by colours only if it is a terminal that has them and nobody forbids it.
    static var markForm: SheetPrinter.Form {
        let environment = ProcessInfo.processInfo.environment
        let isForced = environment["CLICOLOR_FORCE"].map { !$0.isEmpty && $0 != "0" } ?? false
        let canColour = isatty(STDOUT_FILENO) == 1 && environment["TERM"] != "dumb"
        return !forbidsColour && (canColour || isForced) ? .coloured : .plain
    }

    /// The width of standard output in columns: that of the terminal, else what `COLUMNS` says, else 80.
    static var width: Int {
        size?.columns ?? ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 80
    }

    /// The size of standard output; `nil` if it is no terminal.
    static var size: (columns: Int, rows: Int)? { size(of: STDOUT_FILENO) }

    /// The width of standard error in columns; 80 if it is no terminal.
    static var errorWidth: Int { size(of: STDERR_FILENO)?.columns ?? 80 }

    private static func size(of descriptor: Int32) -> (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Whether the environment says that the terminal shows plain text only.
    static let isDumb: Bool = ProcessInfo.processInfo.environment["TERM"] == "dumb"

    private static let output = DescriptorWriter(STDOUT_FILENO)
    private static let errors = DescriptorWriter(STDERR_FILENO)

    /// Writes lines of plain text to standard output; nothing in them steers a terminal.
    static func print(_ lines: String) throws(WriteFailure) { try output.write(PlainText.lines(lines) + "\n") }

    /// Writes a line of JSON to standard output.
    static func print(json: String) throws(WriteFailure) { try output.write(PlainText.json(json) + "\n") }

    /// Writes bytes to standard output as they are, as into a file.
    static func write(_ bytes: some Sequence<UInt8>) throws(WriteFailure) { try output.write(bytes) }

    /// Writes to standard error what may have colours, above the status line; an error that cannot be told is dropped.
    static func tell(_ text: String) { try? errors.write((isInteractive ? "\r\u{1B}[K" : "") + text + "\n") }

    /// Writes a question to standard error, after which the answer stands; one that cannot be told is dropped.
    static func ask(_ question: String) { try? errors.write(PlainText.line(question)) }

    /// Redraws the status line on standard error; an empty text takes it away.
    static func status(_ text: String) {
        guard isInteractive else { return }
        try? errors.write("\r\u{1B}[K\(PlainText.line(text))")
    }
}
