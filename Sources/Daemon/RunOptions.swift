public import Elements

/// How a topology is run.
public struct RunOptions: Sendable {
    /// End once the input is drained and every job is done.
    public var untilDrained = false
    /// Go on although a source no longer holds what the last checkpoint counted; the evidence is then marked inexact.
    public var acceptGap = false
    /// The version of the program, as the metrics tell it.
    public var version = "unknown"
    /// The cores to use.
    public var cores: Int
    /// The time that barriers and retries go by.
    public var clock: any Clock<Duration> = ContinuousClock()
    /// Told of what an operator should hear: the node and a line of plain words.
    public var notice: @Sendable (_ node: String, _ text: String) -> Void
    /// Told of every checkpoint that is on disk: its epoch and the documents' offsets it covers.
    public var checkpointed: @Sendable (_ epoch: UInt64, _ fences: [Fence]) -> Void = { _, _ in }

    /// Makes options.
    public init(cores: Int, notice: @escaping @Sendable (_ node: String, _ text: String) -> Void) {
        self.cores = max(1, cores)
        self.notice = notice
    }
}
