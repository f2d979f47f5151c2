import Elements
import Synchronization

/// What has passed the place of the barriers and is still worked on by the stages after it, reckoned in time.
///
/// A barrier that is put in there waits for all of this, so it is kept short: in time rather than in bytes, since large
/// coders take seconds for what small ones do at once.
package final class Backlog: Sendable {
    private let state: Mutex<BacklogState>
    private let changes: AsyncStream<Void>
    private let change: AsyncStream<Void>.Continuation

    /// Makes an empty backlog; more passes once so little is left that all cores together do it within `allowance`.
    package init(cores: Int, allowance: Duration = .milliseconds(250)) {
        state = Mutex(BacklogState(allowance: allowance / .seconds(1) * Double(max(cores, 1))))
        (changes, change) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// A stage is going to work on all that passes.
    package func expect(_ node: String) { state.withLock { $0.expect(node) } }

    /// A stage has done some tokens, which took a core so long.
    package func worked(_ node: String, tokens: Int, for duration: Duration) {
        state.withLock { $0.worked(node, tokens: tokens, for: duration / .seconds(1)) }
        change.yield()
    }

    /// Nothing passes any more: whoever waits is told so, whatever is left.
    func end() { change.finish() }

    /// The seconds of a core that the stages together take for a token; 0 before there is a measurement.
    package var secondsPerToken: Double { state.withLock(\.secondsPerToken) }

    /// Waits until little is left, and counts tokens that pass; called by one task.
    ///
    /// - Throws: `CancellationError`, also once nothing passes any more.
    func pass(tokens: Int) async throws {
        guard tokens > 0 else { return }
        var turns = changes.makeAsyncIterator()
        while !state.withLock(\.hasRoom) {
            guard await turns.next() != nil else { throw CancellationError() }
        }
        state.withLock { $0.pass(tokens: tokens) }
    }
}
