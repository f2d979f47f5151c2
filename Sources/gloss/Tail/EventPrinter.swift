import Synchronization
import TerminalText

/// Prints the events that are wanted, and knows when the requested number has been printed.
final class EventPrinter: Sendable {
    private struct State {
        var selection: EventSelection
        /// The lines printed so far count against it.
        var left: Int
        /// The past; `nil` once it is over.
        var held: PastEvents?
    }

    private let form: EventForm
    private let state: Mutex<State>

    /// - Parameters:
    ///   - past: How many of the past events are printed; `nil` if all that come are.
    ///   - count: After so many events it is done; `nil` for never.
    init(form: EventForm, selection: EventSelection, past: Int?, count: Int?) {
        self.form = form
        state = Mutex(State(selection: selection, left: count ?? .max, held: past.map { PastEvents(limit: $0) }))
    }

    /// Takes an event, given as its JSON with the cursor; `false` once no more are wanted.
    func print(_ json: String) throws(WriteFailure) -> Bool {
        guard let event = TailedEvent(json) else { return true }
        let form = form
        let isNow = state.withLock { state -> Bool in
            guard state.selection.takes(event) else { return false }
            guard state.held != nil else { return true }
            state.held?.hold(form.text(of: event), isEvidence: event.isEvidence)
            return false
        }
        guard isNow else { return isWanting }
        return try write(form.text(of: event))
    }

    /// There is nothing more for now, so what comes from here on is new; `false` once no more are wanted.
    func settled() throws(WriteFailure) -> Bool {
        let held = state.withLock { state in
            defer { state.held = nil }
            return state.held?.lines ?? []
        }
        for line in held { guard try write(line) else { return false } }
        return isWanting
    }

    private var isWanting: Bool { state.withLock { $0.left > 0 } }

    private func write(_ lines: String) throws(WriteFailure) -> Bool {
        guard isWanting else { return false }
        // Each form is plain text already, but for the tabs of a format.
        try Terminal.write(Array((lines + "\n").utf8))
        return state.withLock { state in
            state.left -= 1
            return state.left > 0
        }
    }
}
