import Dispatch
import Foundation
import Running
import Synchronization

/// Turns SIGTERM, SIGINT and SIGHUP into a request to stop; a second one, or a deadline, ends the process.
final class StopSignals {
    private let sources: [any DispatchSourceSignal]

    init(_ stop: StopSignal) {
        let escalation = Escalation()
        let askers: [(Int32, StopEscalation.Asker)] = [
            (SIGTERM, .person), (SIGINT, .person), (SIGHUP, .closingTerminal),
        ]
        sources = askers.compactMap { number, asker in
            // `nohup` means the run to outlive its terminal.
            let before = signal(number, SIG_IGN)
            if asker == .closingTerminal, Self.isIgnored(before) { return nil }
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
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
            source.resume()
            return source
        }
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
