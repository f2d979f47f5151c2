import Checkpoints
import Dataflow
import Elements
import Foundation
import Hashing
import Inference
import Jobs
import LanguageModels
import LinearAlgebra
package import Nodes
package import Observability
import PipelineSheets
import RecordReading
package import Running
import Serving
import Sinks
import SparseCoders
import StateNotes
import Store
import Tokenization
import Topology

/// A topology, built and run.
public struct GlossDaemon: Sendable {
    let graph: Graph
    let options: RunOptions
    let stop: StopSignal
    let progress: RunProgress
    let readiness = Readiness()
    let metrics: RunMetrics
    let services: HTTPServices
    let spend: BudgetLedger
    let outages: Outages
    let servers: ServerWatch
    let patience = ShutdownPatience.standard
    let reloads: ReloadRequests
    /// The file that the topology was read from; `nil` if it was from none.
    let file: TopologyFile?
    /// The topology that the run begins with.
    var topology: Topology { graph.topology }

    /// Makes a daemon; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - reloads: Requests to read the topology's file again.
    ///   - environment: The variables that the file then refers to; `nil` for those of the process.
    package init(
        graph: Graph, options: RunOptions, stop: StopSignal, progress: RunProgress,
        reloads: ReloadRequests = ReloadRequests(),
        environment: [String: String]? = nil
    ) {
        let topology = graph.topology
        self.reloads = reloads
        file = options.source.map {
            TopologyFile(
                path: $0.file, environment: environment ?? ProcessInfo.processInfo.environment, role: options.role)
        }
        self.graph = graph
        self.options = options
        self.stop = stop
        self.progress = progress
        metrics = RunMetrics(
            progress: progress, version: options.version, topology: topology.name,
            digest: topology.digest.description)
        metrics.checkpoints(every: .milliseconds(topology.state.checkpointMilliseconds))
        services = HTTPServices(readiness: readiness, metrics: metrics, topology: topology.name)
        spend = BudgetLedger(budget: topology.budget)
        outages = Outages(
            clock: options.clock, notice: options.warning, onChange: { progress.lost($1, by: $0) })
        servers = ServerWatch(
            progress: progress, clock: options.clock, now: options.now, notice: options.warning,
            onChange: { [changes = services.changes] in changes.send() })
    }

    /// Runs until drained (if asked for), until stopped, or until something fails.
    ///
    /// The one list of what a run opens: whatever comes later is closed earlier.
    /// - Throws: `DaemonError` and the errors of the modules, each naming what failed and where.
    @discardableResult
    package func run() async throws -> RunOutcome {
        try await ShutdownOrder.run(clock: options.clock, onTrouble: options.warning) { order in
            order.close("reloads") { [reloads] in reloads.close() }
            if let server = try await startServer() {
                order.close("http", within: patience.step) { [changes = services.changes] in
                    changes.close()
                    await server.close()
                }
            }
            let disk = ComputePool(name: "disk", threads: 2)
            let running = try await disk.run { _ in try build(disk: disk, order) }
            (services.state.served, services.state.flow) = (running.served, running.flow)
            if try await isRestored(running) {
                readiness.phase = .running
                options.service?.tell(ServiceNotice.ready)
                stop.whenRaised { [readiness, service = options.service] in
                    readiness.phase = .stopping
                    service?.tell(ServiceNotice.stopping)
                }
                try await run(running)
            } else {
                // What an earlier process has left is published as after any stop.
                running.relay.start()
            }
            return try await finish(running)
        }
    }

    /// Waits until the nodes hold what is stored; `false` if a stop came first, after which there is nothing to run.
    ///
    /// A stop does not wait until a large segment is merged: that changes nothing but memory.
    private func isRestored(_ running: Opened) async throws -> Bool {
        guard let ingest = running.ingest else { return false }
        let outcome = BoundedChannel<Bool>(capacity: 2, weigh: { _ in 1 })
        stop.whenRaised { outcome.finish() }
        Task {
            do {
                try await ingest.restored()
                try await outcome.send(true)
            } catch {
                outcome.finish(throwing: error)
            }
        }
        let isRestored = try await outcome.next() ?? false
        try Task.checkCancellation()
        return isRestored && !stop.isRaised
    }

    /// Publishes what is left once the pipeline has ended, and says what was left undone.
    private func finish(_ running: Opened) async throws -> RunOutcome {
        let patience = stop.isRaised ? patience.outboxAfterStop : patience.outboxAfterDrain
        let unpublished = try await running.relay.finish(patience: patience)
        for (sink, count) in unpublished.sorted(by: { $0.key < $1.key }) {
            options.warning(
                sink,
                "\(count) \(count == 1 ? "message stays" : "messages stay") in the outbox for the next start: the sink took "
                    + "nothing for \(patience.components.seconds) s")
        }
        let counts = progress.reading
        for (node, count) in counts.held.sorted(by: { $0.key < $1.key }) where count > 0 {
            options.warning(node, "budget spent: \(count) jobs wait for a start with a larger `budget`")
        }
        for (node, count) in counts.failures.sorted(by: { $0.key < $1.key }) {
            let reason = counts.lastFailures[node] ?? ""
            options.warning(node, "\(count) jobs failed and are tried again at the next start; the last: \(reason)")
        }
        // Of nodes that the topology has: jobs of others are nobody's any more.
        let states = try await running.disk.run { _ in try running.results.jobStates() }
        let nodes = (running.explaining?.graph ?? graph).topology.nodes
        func jobs(_ state: JobState) -> [String: Int] {
            let counts = nodes.compactMap { node in (states[node.id]?[state]).map { (node.id, $0) } }
            return Dictionary(counts) { first, _ in first }.filter { $0.value > 0 }
        }
        return RunOutcome(
            isStopped: stop.isRaised, failed: jobs(.failed), left: counts.left.filter { $0.value > 0 },
            open: stop.isRaised ? jobs(.open) : [:], unpublished: unpublished)
    }

    /// What a run works with, opened.
    struct Opened: @unchecked Sendable {
        // The pipeline is built on one thread and only read afterwards.
        /// From the sources to the reservoirs; `nil` if a stop came before it was built, after which there is nothing to run.
        let ingest: Pipeline?
        /// What works behind the checkpoint; `nil` in the same case.
        let explaining: ExplainingRun?
        let coordinator: CheckpointCoordinator
        let relay: OutboxRelay
        let served: Served?
        let results: any ResultKeeper
        let disk: ComputePool<Void>
        let jobStore: JobStore
        /// Takes samples of what flows; `nil` if nobody is served.
        var meter: PipelineMeter?
        /// What the metrics tell of a process that has no results to serve.
        var flow: MeasuredFlow?
    }

    private func run(_ running: Opened) async throws {
        let interval = Duration.milliseconds(topology.state.checkpointMilliseconds)
        // A stop does not wait for the next tick.
        stop.whenRaised { [coordinator = running.coordinator] in Task { await coordinator.requestBarrier() } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            progress.ingests(true)
            group.addTask { [progress] in
                defer { progress.ingests(false) }
                try await running.coordinator.run(interval: interval, clock: options.clock)
            }
            running.relay.start()
            let heartbeat = Task { [changes = services.changes, clock = options.clock] in
                while true {
                    try await clock.sleep(for: .seconds(15))
                    changes.send()
                }
            }
            defer { heartbeat.cancel() }
            let requests = Task { [jobStore = running.jobStore, clock = options.clock] in
                while true {
                    // What cannot be read now can be in a while, and what ends the run does so elsewhere.
                    try? await jobStore.takeRetryRequests()
                    try? await jobStore.takeLatentRequests()
                    try await clock.sleep(for: .seconds(2))
                }
            }
            defer { requests.cancel() }
            let samples = running.meter.map { meter in
                Task { [clock = options.clock] in
                    while true {
                        try await clock.sleep(for: .seconds(1))
                        meter.sample()
                    }
                }
            }
            defer { samples?.cancel() }
            let watch = watchFile(of: running.explaining, disk: running.disk)
            defer { watch?.cancel() }
            // It ends when the requests are closed.
            if running.explaining == nil { Task { await refuseReloads() } }
            for task in running.ingest?.tasks ?? [] { group.addTask(operation: task.run) }
            if let explaining = running.explaining { group.addTask { try await explaining.run() } }
            do {
                // Unlike waiting for all, this throws while the others are still running.
                while try await group.next() != nil {}
            } catch {
                running.coordinator.fail(error)
                group.cancelAll()
                throw error
            }
        }
    }
}
