import Dispatch
import Foundation
import Running
import Synchronization

/// Turns SIGTERM, SIGINT and SIGHUP into a request to stop; a second one, or a deadline, ends the process.
///
/// SIGHUP is one only if the terminal has closed; else it has the configuration read again, where there is one.
final class StopSignals {
    private let sources: [any DispatchSourceSignal]

    /// Takes the signals from now on.
    ///
    /// - Parameter reload: What SIGHUP asks for while the terminal is there, or there is none; `nil` if it always stops.
    init(_ stop: StopSignal, reload: (@Sendable () -> Void)? = nil) {
        let escalation = Escalation()
        let handle = { @Sendable (asker: StopEscalation.Asker) in
            switch escalation.signalled(by: asker) {
            case .none: break
            case .exit(let code): _exit(code)
            case .stop(let limit):
                stop.raise()
                let again = asker == .person ? " (again to exit at once)" : ""
                Notice.write("gloss", "stopping: reading no more, writing a last checkpoint\(again)")
                Self.end(after: limit, escalation)
            }
        }
        // `nohup` means the run to outlive its terminal.
        let outlivesTerminal = Self.isIgnored(signal(SIGHUP, SIG_IGN))
        let hangUp = SharedHangUp(HangUp(hasTerminal: Self.hasTerminal, outlivesTerminal: outlivesTerminal))
        var sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            return Self.source(of: number) { handle(.person) }
        }
        if let reload {
            sources.append(
                Self.source(of: SIGHUP) {
                    switch hangUp.signalled(hasTerminal: Self.hasTerminal) {
                    case .closedTerminal: handle(.closingTerminal)
                    case .reload: reload()
                    case .none: break
                    }
                })
        } else if !outlivesTerminal {
            sources.append(Self.source(of: SIGHUP) { handle(.closingTerminal) })
        }
        self.sources = sources
    }

    private static func source(of number: Int32, _ handle: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler(handler: handle)
        source.resume()
        return source
    }

    /// Whether the process has a terminal: it has none any more once that was closed.
    private static var hasTerminal: Bool {
        let descriptor = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }

    private static func isIgnored(_ handler: sighandler_t?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    private static func end(after limit: Duration, _ escalation: Escalation) {
        let seconds = Int(clamping: limit.components.seconds)
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds)) {
            guard case .exit(let code) = escalation.deadlinePassed() else { return }
            Notice.write(
                "gloss", "not stopped after \(seconds) s; what was not checkpointed is read again", level: .error,
                cause: .temporary)
            _exit(code)
        }
    }

    func cancel() { for source in sources { source.cancel() } }
}

/// A `StopEscalation` that the handlers of all signals share.
private final class Escalation: Sendable {
    private let state = Mutex(StopEscalation())

    func signalled(by asker: StopEscalation.Asker) -> StopEscalation.Action {
        state.withLock { $0.signalled(by: asker) }
    }

    func deadlinePassed() -> StopEscalation.Action { state.withLock { $0.deadlinePassed() } }
}

/// A `HangUp` that the handler of its signal shares with who made it.
private final class SharedHangUp: Sendable {
    private let state: Mutex<HangUp>

    init(_ hangUp: HangUp) { state = Mutex(hangUp) }

    func signalled(hasTerminal: Bool) -> HangUp.Meaning { state.withLock { $0.signalled(hasTerminal: hasTerminal) } }
}
