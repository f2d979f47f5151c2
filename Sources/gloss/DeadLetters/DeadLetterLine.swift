import Elements
import Store
import TerminalText

/// A dead letter as it is printed.
struct DeadLetterLine {
    private let stored: StoredDeadLetter
    private let replay: ReplayState?

    /// The columns of a record's beginning.
    private static let shown = 100

    /// - Parameter replay: What is known of its replay; `nil` if the state is of a version that knew none.
    init(_ stored: StoredDeadLetter, replay: ReplayState?) {
        self.stored = stored
        self.replay = replay
    }

    /// Where the record stands: a topic's partition and offset, or a file and a byte of its uncompressed text.
    static func place(_ position: RecordPosition) -> String {
        // No topic's name has a slash in it; a path that has none either is shown like a topic.
        position.topic.contains("/")
            ? "\(position.topic) at byte \(position.offset)"
            : "\(position.topic)/\(position.partition)/\(position.offset)"
    }

    /// A line for a person, and the record's beginning below it.
    var text: String {
        let letter = stored.letter
        let line =
            "\(stored.sequence) \(Timestamp.text(stored.made)) \(letter.node) \(Self.place(letter.position)) "
            + "\(letter.code): \(letter.reason)\(replayed)"
        return PlainText.line(line) + "\n    " + beginning
    }

    private var replayed: String {
        guard let replay else { return "" }
        let progress: String =
            switch replay.progress {
            case .notBegun: ""
            case .begun: " – a replay was begun"
            case .sent(let offset): " – sent again" + (offset.map { " as offset \($0)" } ?? "")
            }
        return progress + (replay.earlier > 0 ? " – itself sent again before, time \(replay.earlier)" : "")
    }

    private var beginning: String {
        let value = stored.letter.value
        if value.isEmpty { return "(no bytes)" }
        let bytes = value.prefix(4 * Self.shown)
        // A character may be cut in two at the end of what is looked at.
        for dropped in 0..<(bytes.count < value.count ? 4 : 1) {
            guard let text = String(validating: bytes.dropLast(dropped), as: UTF8.self) else { continue }
            return DisplayWidth.cut(PlainText.line(text), to: Self.shown)
        }
        let hexadecimal = value.prefix(16).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }
        return "\(value.count) bytes that are no text: \(hexadecimal.joined(separator: " "))"
            + (value.count > 16 ? " …" : "")
    }

    /// The letter in the shared encoding, with the members `number`, `replays` (how often its record was sent again before it was
    /// refused), `replay` (`none`, `begun` or `sent`) and `replay_offset`.
    var json: String {
        let (word, offset): (String, Int64?) =
            switch replay?.progress {
            case nil, .notBegun: ("none", nil)
            case .begun: ("begun", nil)
            case .sent(let offset): ("sent", offset)
            }
        return String(ResultEnvelope.json(stored.letter, at: stored.made).dropLast())
            + ",\"number\":\(stored.sequence),\"replays\":\(replay?.earlier ?? 0),\"replay\":\"\(word)\","
            + "\"replay_offset\":\(offset.map(String.init) ?? "null")}"
    }
}
