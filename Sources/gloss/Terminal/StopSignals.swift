import Dispatch
import Foundation
import Running
import Synchronization

/// Turns SIGTERM and SIGINT into a request to stop; the second one, or a deadline, ends the process.
final class StopSignals {
    private let sources: [any DispatchSourceSignal]

    init(_ stop: StopSignal) {
        let escalation = Escalation()
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                switch escalation.signalled() {
                case .exit(let code): _exit(code)
                case .stop(let limit):
                    stop.raise()
                    Notice.write(
                        "gloss", "stopping: reading no more, writing a last checkpoint (again to exit at once)")
                    Self.end(after: limit, escalation)
                }
            }
            source.resume()
            return source
        }
    }

    private static func end(after limit: Duration, _ escalation: Escalation) {
        let seconds = Int(clamping: limit.components.seconds)
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds)) {
            guard case .exit(let code) = escalation.deadlinePassed() else { return }
            Notice.write("gloss", "not stopped after \(seconds) s; what was not checkpointed is read again")
            _exit(code)
        }
    }

    func cancel() { for source in sources { source.cancel() } }
}

/// A `StopEscalation` that the handlers of both signals share.
private final class Escalation: Sendable {
    private let state = Mutex(StopEscalation())

    func signalled() -> StopEscalation.Action { state.withLock { $0.signalled() } }

    func deadlinePassed() -> StopEscalation.Action { state.withLock { $0.deadlinePassed() } }
}
