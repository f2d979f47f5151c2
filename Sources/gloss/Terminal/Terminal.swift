import Foundation

/// The capabilities of the terminal.
enum Terminal {
    /// Whether standard error is a terminal that can redraw a line.
    static let isInteractive: Bool =
        isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

    /// Whether colour is wanted on standard error.
    static let isColouredOnError: Bool = {
        let environment = ProcessInfo.processInfo.environment
        if let forbidden = environment["NO_COLOR"], !forbidden.isEmpty { return false }
        return isInteractive
    }()

    /// The width of standard output in columns; 100 if it is no terminal.
    static var width: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 100 }
        return Int(size.ws_col)
    }

    /// Writes to standard output.
    static func print(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    /// Redraws the status line on standard error; an empty text takes it away.
    static func status(_ text: String) {
        guard isInteractive else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
    }
}
