package import Elements
package import Store

/// The rules of a checkpoint, without locks or tasks: what has been asked for, what has come in, and when it is whole.
///
/// One epoch is under way at a time. It is whole when every source that has not ended has said where its barrier stood
/// and every terminal (the last stage of each path) has received that barrier.
package struct CheckpointState {
    /// What a whole epoch holds.
    package struct Complete {
        package let epoch: UInt64
        package let fences: [Fence]
        package let segments: [CheckpointCommit.Segment]
        package let deadLetters: [DeadLetter]
        /// When it was asked for, on the clock of whoever asked.
        package let asked: Duration
    }

    private let terminals: Set<String>
    private var liveSources: Set<String>
    private var epoch: UInt64
    private var isUnderWay = false
    /// When the epoch under way was asked for.
    private var asked = Duration.zero
    /// When the next one was asked for, if it was while one was under way.
    private var nextAsked: Duration?
    private var awaitedSources: Set<String> = []
    private var awaitedTerminals: Set<String> = []
    private var fences: [Fence] = []
    private var segments: [CheckpointCommit.Segment] = []
    private var deadLetters: [DeadLetter] = []

    package init(sources: Set<String>, terminals: Set<String>, lastEpoch: UInt64) {
        liveSources = sources
        self.terminals = terminals
        epoch = lastEpoch
    }

    /// Whether every source has ended.
    package var isOver: Bool { liveSources.isEmpty }

    /// Whether a source has not ended.
    package func isLive(_ source: String) -> Bool { liveSources.contains(source) }

    /// The epoch of the next barrier that a terminal receives which has not submitted for the one under way.
    package var coming: UInt64 { isUnderWay ? epoch : epoch + 1 }

    /// Starts the next epoch; `nil` when no source is left or while one is under way, after which another is due.
    ///
    /// - Parameter now: The time, which counts from when an epoch was first asked for.
    package mutating func start(at now: Duration = .zero) -> (epoch: UInt64, sources: Set<String>)? {
        let asked = nextAsked ?? now
        nextAsked = isUnderWay ? asked : nil
        guard !isUnderWay, !liveSources.isEmpty else { return nil }
        self.asked = asked
        epoch += 1
        isUnderWay = true
        awaitedSources = liveSources
        awaitedTerminals = terminals
        return (epoch, liveSources)
    }

    /// A source has put the barrier of `epoch` into its stream, at these fences.
    package mutating func report(source: String, epoch: UInt64, fences reported: [Fence]) {
        guard isUnderWay, epoch == self.epoch, awaitedSources.remove(source) != nil else { return }
        fences += reported
    }

    /// A source has ended, after its last barrier.
    package mutating func end(source: String) {
        liveSources.remove(source)
        awaitedSources.remove(source)
    }

    /// A terminal has received the barrier; what it keeps belongs to the epoch.
    package mutating func submit(terminal: String, keeping kept: [CheckpointCommit.Segment] = []) {
        awaitedTerminals.remove(terminal)
        segments += kept
    }

    /// A record was refused.
    package mutating func add(_ letters: [DeadLetter]) { deadLetters += letters }

    /// The epoch's content once it is whole; the caller writes it and then calls `finish`.
    package mutating func takeIfComplete() -> Complete? {
        guard isUnderWay, awaitedSources.isEmpty, awaitedTerminals.isEmpty else { return nil }
        defer {
            fences = []
            segments = []
            deadLetters = []
            awaitedTerminals = terminals
        }
        return Complete(epoch: epoch, fences: fences, segments: segments, deadLetters: deadLetters, asked: asked)
    }

    /// The epoch is on disk; `true` if another one was asked for meanwhile.
    package mutating func finish() -> Bool {
        isUnderWay = false
        return nextAsked != nil
    }
}
