import Elements
import Kafka
import Store
import Synchronization
import TerminalText

/// Tells what becomes of dead letters: each by itself if nothing is sent, else the reasons with their numbers at the end.
final class ReplayAccount: Sendable {
    private let tellsEach: Bool
    private let left = Mutex<[String: Int]>([:])

    /// - Parameter tellsEach: Whether each letter has a line of its own.
    init(tellsEach: Bool) { self.tellsEach = tellsEach }

    /// Takes in a letter that is not sent.
    func leave(_ letter: Int64, at position: RecordPosition, _ obstacle: ReplayObstacle) {
        left.withLock { $0[obstacle.kind, default: 0] += 1 }
        if tellsEach || obstacle.isSeenBySending {
            print("\(letter) \(DeadLetterLine.place(position)) is left: \(obstacle.reason)")
        }
    }

    /// Takes in a letter that would be sent.
    func plan(_ planned: PlannedReplay) {
        let bytes = planned.message.value?.count ?? 0
        print(
            "\(planned.note.letter) \(DeadLetterLine.place(planned.note.position)) would be sent: \(bytes) bytes"
                + (planned.note.count > 1 ? ", sent again \(planned.note.count - 1) times before" : ""))
    }

    /// The letters that were not sent.
    var leftCount: Int { left.withLock { $0.values.reduce(0, +) } }

    /// The reasons with their numbers, the commonest first.
    var reasons: [String] {
        left.withLock { left in
            left.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "  \($0.value) left: \($0.key)" }
        }
    }

    /// A line that cannot be written is no reason to leave a replay half told.
    private func print(_ line: String) { try? Terminal.print(PlainText.line(line)) }
}

extension ReplayObstacle {
    /// Whether nothing but sending tells of it, so that a look beforehand does not.
    var isSeenBySending: Bool {
        guard case .wasNotTaken = self else { return false }
        return true
    }

    /// The reason without what is the letter's own.
    var kind: String {
        switch self {
        case .wouldBeRefused(let code, _): "it would be refused again: \(code)"
        case .isTooLarge(_, let most): "it has more than the \(most) bytes that are sent"
        default: reason
        }
    }
}
