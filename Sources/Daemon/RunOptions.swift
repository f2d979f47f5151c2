public import Elements
import Kafka

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
    /// How long a run until drained waits at its start for brokers that do not answer; any other run waits for ever.
    public var brokerPatience = Duration.seconds(30)
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

    /// Passes on what an operator should hear of a node's Kafka client.
    func kafkaNotices(of node: String) -> @Sendable (KafkaNotice) -> Void {
        { [notice] in
            // Backpressure and the library's own log are for looking into the client.
            if $0.level >= .warning || $0.kind == .recovered { notice(node, $0.description) }
        }
    }
}
