import Reports
import Synchronization
import TerminalText

/// Prints events, and knows when the requested number has been printed.
final class EventPrinter: Sendable {
    private let json: Bool
    private let left: Mutex<Int>

    init(json: Bool, count: Int?) {
        self.json = json
        left = Mutex(count ?? .max)
    }

    /// Prints an event, given as its JSON with the cursor; `false` once no more are wanted.
    func print(_ event: String) throws(WriteFailure) -> Bool {
        if !json, let line = EventLine.text(of: event) {
            try Terminal.print(line)
        } else {
            try Terminal.print(json: event)
        }
        return left.withLock { left in
            left -= 1
            return left > 0
        }
    }
}
