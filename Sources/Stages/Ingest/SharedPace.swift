package import Elements
import Synchronization

/// The pace of all workers of a stage.
package final class SharedPace: Sendable {
    private let pace: Mutex<BatchPace>

    /// Makes a pace as `BatchPace` does.
    package init(target: Duration, bounds: ClosedRange<Int>, workers: Int) {
        pace = Mutex(BatchPace(target: target, bounds: bounds, workers: workers))
    }

    /// The tokens of the next batch, for which later stages take `later` seconds of a core a token.
    package func batch(later: Double = 0) -> Int { pace.withLock { $0.batch(later: later) } }

    /// Whether all workers are to share a batch.
    package func shares(_ batch: ContextBatch) -> Bool {
        let longest = batch.contexts.reduce(0) { max($0, $1.tokens.count) }
        return pace.withLock { pace in
            pace.met(context: longest)
            return pace.isShared
        }
    }

    /// A batch has taken this long, each worker's time counted for itself.
    package func worked(tokens: Int, for duration: Duration) {
        pace.withLock { $0.worked(tokens: tokens, for: duration) }
    }
}
