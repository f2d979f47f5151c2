import Sinks
import Synchronization

/// Sinks that were opened and belong to nobody yet.
final class NewSinks: Sendable {
    private let sinks: Mutex<[String: any ResultSink]>

    init(_ sinks: [String: any ResultSink]) { self.sinks = Mutex(sinks) }

    /// Gives them to somebody who lets them go.
    func take() -> [String: any ResultSink] {
        sinks.withLock { sinks in
            defer { sinks = [:] }
            return sinks
        }
    }

    /// Lets those go that nobody has taken.
    func close() async {
        for sink in take().values { await sink.close() }
    }
}
