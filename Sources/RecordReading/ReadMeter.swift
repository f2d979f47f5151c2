import Observability
import Synchronization

/// Counts how much of a source of known length has been read since the process began.
final class ReadMeter: Sendable {
    private struct State {
        var begin: Int64 = 0
        var place: Int64 = 0
        var whole: Int64?
    }

    private let state = Mutex(State())

    /// Reading begins at a place of so much; `nil` if it is not known how much there is.
    func begin(at place: Int64, of whole: Int64?) {
        state.withLock { $0 = State(begin: place, place: place, whole: whole) }
    }

    /// Reading has come to a place.
    func reach(_ place: Int64) { state.withLock { $0.place = place } }

    /// So much more has been read.
    func advance(by count: Int64) { state.withLock { $0.place += count } }

    /// All has been read.
    func end() { state.withLock { state in state.place = max(state.place, state.whole ?? 0) } }

    /// What has been read and what is left; `nil` if it is not known how much there is.
    var extent: SourceExtent? {
        state.withLock { state in
            state.whole.map { SourceExtent(read: state.place - state.begin, left: $0 - state.place) }
        }
    }
}
