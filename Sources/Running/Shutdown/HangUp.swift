/// What SIGHUP means to a daemon: that its terminal has closed, or that somebody wants its file to be read again.
///
/// Only whether the terminal is there tells: a shell passes the signal on by `kill`, as a person sends it.
package struct HangUp: Sendable {
    /// What has to be done.
    package enum Meaning: Sendable, Hashable {
        /// The terminal has closed, and the run ends with it.
        case closedTerminal
        /// The file is read again.
        case reload
        /// Nothing: the run was started to outlive its terminal.
        case none
    }

    private var hadTerminal: Bool
    private let outlivesTerminal: Bool

    /// Makes the state at the start of a process; under `nohup` it outlives its terminal.
    package init(hasTerminal: Bool, outlivesTerminal: Bool) {
        hadTerminal = hasTerminal
        self.outlivesTerminal = outlivesTerminal
    }

    /// The signal has come, and the process has a terminal now or not.
    package mutating func signalled(hasTerminal: Bool) -> Meaning {
        defer { hadTerminal = hasTerminal }
        guard hadTerminal, !hasTerminal else { return .reload }
        return outlivesTerminal ? .none : .closedTerminal
    }
}
