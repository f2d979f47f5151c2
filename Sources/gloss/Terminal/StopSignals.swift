import Dispatch
import Foundation
import Running

/// Turns SIGTERM and SIGINT into a request to stop; the second one, or a deadline, ends the process.
final class StopSignals {
    private let sources: [any DispatchSourceSignal]

    /// How long a stop may take, in seconds.
    static let deadline = 60

    init(_ stop: StopSignal) {
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if stop.isRaised { _exit(130) }
                stop.raise()
                Notice.write("gloss", "stopping: reading no more, writing a last checkpoint (again to exit at once)")
                DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(Self.deadline)) {
                    Notice.write(
                        "gloss", "not stopped after \(Self.deadline) s; what was not checkpointed is read again")
                    _exit(75)
                }
            }
            source.resume()
            return source
        }
    }

    func cancel() { for source in sources { source.cancel() } }
}
