import Foundation
import JSONText
import TerminalText

/// A format of events: text in which `%` and a letter stand for a part of the event.
struct EventFormat: Sendable, Hashable {
    private enum Piece: Sendable, Hashable {
        case text(String)
        case part(Character)
    }

    private var pieces: [Piece] = []

    /// The letters and what they stand for, as the help lists them.
    static let letters = """
        %t time, %T type, %l latent, %N node, %m method, %s score or `unscored`, %i interval, %n examples judged, %f failed, \
        %e explanation, %r reason, %c cursor, %j JSON, %% a percent sign; \\n and \\t
        """

    /// A text that is no format.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads a format.
    init(_ text: String) throws(Fault) {
        var literal = ""
        var rest = text[...]
        while let first = rest.popFirst() {
            guard first == "%" || first == "\\" else {
                literal.append(first)
                continue
            }
            guard let letter = rest.popFirst() else {
                throw Fault(description: "the format ends with `\(first)`")
            }
            switch (first, letter) {
            case ("%", "%"), ("\\", "\\"): literal.append(letter)
            case ("\\", "n"): literal.append("\n")
            case ("\\", "t"): literal.append("\t")
            case ("%", _) where "tTlNmsinferrcj".contains(letter):
                pieces += [.text(literal), .part(letter)]
                literal = ""
            default: throw Fault(description: "`\(first)\(letter)` is not known: there are \(Self.letters)")
            }
        }
        // Each event ends its line in any case.
        if literal.hasSuffix("\n") { literal.removeLast() }
        pieces.append(.text(literal))
    }

    /// Whether the score stands beside what is said of a latent.
    private var showsScore: Bool { pieces.contains(.part("s")) || pieces.contains(.part("j")) }

    /// The event in this format.
    func text(of event: TailedEvent) -> String {
        pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .part(let letter): PlainText.line(part(letter, of: event))
            }
        }.joined()
    }

    private func part(_ letter: Character, of event: TailedEvent) -> String {
        switch letter {
        case "t": event.text("ts") ?? "-"
        case "T": event.text("type") ?? "-"
        case "l": event.latent
        case "N": event.text("node") ?? "-"
        case "m": event.text("method") ?? "-"
        case "s": Self.score(of: event) ?? "-"
        case "i": event.interval.map { FigureText.interval($0.lower, $0.upper) } ?? "-"
        case "n": event["n"]?.integer.map(String.init) ?? "-"
        case "f": event["failed"]?.integer.map(String.init) ?? "-"
        case "e": label(of: event)
        case "r": event.text("reason") ?? "-"
        case "c": event.cursor ?? "-"
        default: event.json
        }
    }

    /// What is said of a latent, never without a score or the word that there is none.
    private func label(of event: TailedEvent) -> String {
        guard let label = event.text("explanation") else { return "-" }
        return showsScore ? label : "\(label) (\(Self.score(of: event) ?? "unscored"))"
    }

    /// The value of a score, `?` if nothing could be judged, `unscored` of an explanation; `nil` for other events.
    static func score(of event: TailedEvent) -> String? {
        switch event.text("type") {
        case "score": event.number("value").map { FigureText.number($0) } ?? "?"
        case "explanation": "unscored"
        default: nil
        }
    }
}
