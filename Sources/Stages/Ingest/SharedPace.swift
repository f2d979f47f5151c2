import Synchronization

/// The pace of all workers of a stage.
package final class SharedPace: Sendable {
    private let pace: Mutex<BatchPace>

    /// Makes a pace as `BatchPace` does.
    package init(target: Duration, bounds: ClosedRange<Int>) {
        pace = Mutex(BatchPace(target: target, bounds: bounds))
    }

    /// The tokens of the next batch.
    package var batch: Int { pace.withLock { $0.batch } }

    /// A worker has taken this long for a batch.
    package func worked(tokens: Int, for duration: Duration) {
        pace.withLock { $0.worked(tokens: tokens, for: duration) }
    }
}
