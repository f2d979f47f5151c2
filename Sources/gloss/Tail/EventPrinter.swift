import Reports
import Synchronization

/// Prints events, and knows when the requested number has been printed.
final class EventPrinter: Sendable {
    private let json: Bool
    private let left: Mutex<Int>

    init(json: Bool, count: Int?) {
        self.json = json
        left = Mutex(count ?? .max)
    }

    /// Prints an event, given as its JSON with the cursor; `false` once no more are wanted.
    func print(_ event: String) -> Bool {
        let text = json ? event : EventLine.text(of: event) ?? event
        // A model's words may hold line breaks, but an event is one line.
        Terminal.print(Notice.printable(String(text.map { $0.isNewline ? " " : $0 })))
        return left.withLock { left in
            left -= 1
            return left > 0
        }
    }
}
