package import Elements
import Foundation

/// How a topology is run.
package struct RunOptions: Sendable {
    /// What this process does of the topology's work.
    package var role = Role.whole
    /// End once the input is drained and every job is done, instead of going on until a stop.
    package var untilDrained = false
    /// Go on although a source no longer holds what the last checkpoint counted; the evidence is then marked inexact.
    package var acceptGap = false
    /// The version of the program, as the metrics tell it.
    package var version = "unknown"
    /// The cores to use.
    package var cores: Int
    /// How long a run until drained waits at its start for brokers that do not answer; any other run waits for ever.
    package var brokerPatience = Duration.seconds(30)
    /// How long a run until drained waits for servers of models that are away; any other run waits for ever.
    package var serverPatience = Duration.seconds(600)
    /// The time that barriers and retries go by.
    package var clock: any Clock<Duration> = ContinuousClock()
    /// The wall clock, in milliseconds since 1970: no record's day counts as later than its.
    package var now: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }
    /// Told of what an operator should hear: the node and a line of plain words.
    package var notice: @Sendable (_ node: String, _ text: String) -> Void
    /// Told of what an operator should look into, in the same way; by default like any other notice.
    package var warning: @Sendable (_ node: String, _ text: String) -> Void
    /// Told of every checkpoint that is on disk: its epoch and the documents' offsets it covers.
    package var checkpointed: @Sendable (_ epoch: UInt64, _ fences: [Fence]) -> Void = { _, _ in }

    /// The topology's file as it was written, kept with the state for whoever looks at it later; `nil` to keep none.
    package var source: (file: String, directory: String, text: String)?

    /// The service manager that is told once the run is ready, and of its stop; `nil` if none asks.
    package var service: ServiceNotice?

    /// Shown what one node gives, where the topology is run for a look at that alone; no offsets are committed then.
    package var tap: Tap?

    /// Makes options.
    package init(cores: Int, notice: @escaping @Sendable (_ node: String, _ text: String) -> Void) {
        self.cores = max(1, cores)
        self.notice = notice
        warning = notice
    }
}
