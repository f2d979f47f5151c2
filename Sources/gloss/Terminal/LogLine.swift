import Foundation
import JSONText
import TerminalText

/// How much an operator should mind a line.
enum LogLevel: String, Sendable, Hashable, CaseIterable {
    /// What goes on.
    case info
    /// Something is not as it should be, and the run goes on.
    case warning
    /// The run, or the command, ends for it.
    case error
}

/// A line for the operator.
struct LogLine: Sendable, Hashable {
    /// How lines are written.
    enum Form: Sendable, Hashable {
        /// The origin and the message, for a person who watches.
        case plain
        /// The same after time and level.
        case timed
        /// A JSON object.
        case json
    }

    /// When it was said.
    let time: Date
    let level: LogLevel
    /// The node, or the part of the program, that says it.
    let origin: String
    /// Whether `origin` is a node of the topology.
    let isNode: Bool
    let message: String
    /// The kind of failure that ends the command, if this line tells of one.
    let cause: FailureKind?

    init(
        time: Date, level: LogLevel, origin: String, isNode: Bool = false, message: String, cause: FailureKind? = nil
    ) {
        self.time = time
        self.level = level
        self.origin = origin
        self.isNode = isNode
        self.message = message
        self.cause = cause
    }

    /// The line, which holds no line feed and nothing that steers a terminal.
    func text(in form: Form) -> String {
        switch form {
        case .plain: "[\(PlainText.line(origin))] \(PlainText.line(message))"
        case .timed: "\(stamp) \(level.rawValue) \(text(in: .plain))"
        case .json: PlainText.json(JSONValue.object(members).text)
        }
    }

    private var stamp: String { time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }

    private var members: [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            ("time", .string(stamp)), ("level", .string(level.rawValue)), ("message", .string(message)),
            (isNode ? "node" : "part", .string(origin)),
        ]
        if let cause {
            members.append(("cause", .string(cause.name)))
            members.append(("exit_code", .integer(Int(cause.exitCode))))
        }
        return members
    }
}
