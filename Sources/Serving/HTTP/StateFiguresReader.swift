import Dataflow
import Elements
import Observability
import Synchronization

/// Reads what the metrics tell of the state no more often than every few seconds, and so that the reading takes no more than
/// a twentieth of the time: the results of tens of thousands of latents take a second.
final class StateFiguresReader: Sendable {
    private struct Held {
        var figures: StateFigures?
        var due = Duration.zero
        var isReading = false
    }

    /// The least time between two readings.
    static let interval = Duration.seconds(5)
    /// The time between two readings, in times that one took.
    static let share = 20

    private let held = Mutex(Held())
    private let elapsed: @Sendable () -> Duration

    /// Makes one that has read nothing; `elapsed` is the time from any beginning.
    init(elapsed: @escaping @Sendable () -> Duration = ContinuousClock().stopwatch()) { self.elapsed = elapsed }

    /// The latest figures, read anew if they are due; `nil` if none could be read so far.
    ///
    /// Whoever comes while they are read gets the ones before.
    func reading(_ read: () async throws -> StateFigures?) async -> StateFigures? {
        let start = elapsed()
        let (mayRead, known) = held.withLock { held in
            let mayRead = !held.isReading && start >= held.due
            if mayRead { held.isReading = true }
            return (mayRead, held.figures)
        }
        guard mayRead else { return known }
        // What cannot be read now is asked for again; a fault of the state ends the run elsewhere.
        let new = try? await read()
        let end = elapsed()
        return held.withLock { held in
            held.isReading = false
            guard let new else { return held.figures }
            held.figures = new
            held.due = end + max(Self.interval, (end - start) * Self.share)
            return new
        }
    }
}
