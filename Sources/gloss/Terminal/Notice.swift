import Foundation
import Synchronization
import TerminalText

/// Lines for the operator, on standard error.
enum Notice {
    private struct Style {
        var form = LogLine.Form.plain
        var nodes: Set<String> = []
    }

    // Standard error belongs to the whole process, and so does how it is written to.
    private static let style = Mutex(Style())

    /// Sets how all further lines are written, and which origins are nodes of a topology.
    static func write(as form: LogLine.Form, nodes: Set<String> = []) {
        style.withLock { $0 = Style(form: form, nodes: nodes) }
    }

    /// How lines are written now.
    static var form: LogLine.Form { style.withLock { $0.form } }

    /// Writes one line: its origin and its message, without control characters.
    static func write(_ origin: String, _ text: String, level: LogLevel = .info, cause: FailureKind? = nil) {
        let style = style.withLock { $0 }
        let line = LogLine(
            time: Date(), level: level, origin: origin, isNode: style.nodes.contains(origin), message: text,
            cause: cause)
        Terminal.tell(line.text(in: style.form))
    }
}
