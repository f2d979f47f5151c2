import Foundation
import JSONText
import Reports
import TerminalText

/// How `tail` writes an event.
enum EventForm: Sendable, Hashable {
    /// One line for a person.
    case text
    /// The JSON object with its cursor.
    case json
    /// One line of `name=value`.
    case logfmt
    /// Two or more lines no wider than so many columns.
    case pretty(width: Int)
    /// By a format with `%` before what it stands for.
    case format(EventFormat)

    /// The event; its JSON if it is of a kind that is not known.
    func text(of event: TailedEvent) -> String {
        switch self {
        case .text: EventLine.text(of: event.json) ?? PlainText.json(event.json)
        case .json: PlainText.json(event.json)
        case .logfmt: Self.logfmt(event)
        case .pretty(let width): Self.pretty(event, width)
        case .format(let format): format.text(of: event)
        }
    }

    private static func logfmt(_ event: TailedEvent) -> String {
        var pairs: [(String, String?)] = [
            ("ts", event.text("ts")), ("type", event.text("type")), ("latent", event.latent),
            ("node", event.text("node")), ("method", event.text("method")), ("control", event.text("control")),
            ("value", EventFormat.score(of: event)), ("lower", event.interval.map { FigureText.number($0.lower) }),
            ("upper", event.interval.map { FigureText.number($0.upper) }), ("n", number(event, "n")),
            ("failed", number(event, "failed")), ("outcome", event.text("outcome")), ("reason", event.text("reason")),
            ("explanation", event.text("explanation")), ("cursor", event.cursor),
        ]
        if event.isEvidence {
            pairs.append(("coder", event.text("coder")))
            pairs += ["epoch", "tokens", "fired", "changed", "windows"].map { ($0, number(event, $0)) }
            pairs.append(("maximum", event.number("maximum").map { "\($0)" }))
        }
        pairs.removeAll { $0.1 == nil }
        return pairs.map { "\($0.0)=\(quoted($0.1 ?? ""))" }.joined(separator: " ")
    }

    private static func number(_ event: TailedEvent, _ name: String) -> String? {
        event[name]?.integer.map(String.init)
    }

    /// A value of logfmt: in quotation marks if it holds more than one word.
    private static func quoted(_ text: String) -> String {
        let text = PlainText.line(text)
        guard text.isEmpty || text.contains(where: { $0.isWhitespace || $0 == "\"" || $0 == "=" }) else { return text }
        return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    private static func pretty(_ event: TailedEvent, _ width: Int) -> String {
        guard let line = EventLine.text(of: event.json) else { return PlainText.json(event.json) }
        let label = PlainText.line(event.text("explanation") ?? "")
        let head = label.isEmpty ? line : line.replacing("  \"\(label)\"", with: "")
        let body = label.isEmpty ? [] : WrappedText.lines("    “\(label)”", width: width, hanging: 1)
        return (WrappedText.lines(head, width: width, hanging: 4) + body).joined(separator: "\n")
    }
}
