import Dispatch
import Foundation

/// Has something cancelled at SIGINT, SIGTERM and SIGHUP, which then end no process by themselves.
final class CancellingSignals {
    private let sources: [any DispatchSourceSignal]

    /// Takes the signals from now on.
    ///
    /// - Parameter cancel: Called on a thread of its own, perhaps more than once.
    init(_ cancel: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler(handler: cancel)
            source.resume()
            return source
        }
    }

    /// Looks no longer for the signals, which stay ignored.
    func cancel() { for source in sources { source.cancel() } }
}
