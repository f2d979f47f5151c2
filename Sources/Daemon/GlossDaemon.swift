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
    private let graph: Graph
    private let options: RunOptions
    private let stop: StopSignal
    private let progress: RunProgress
    private let readiness = Readiness()
    private let metrics: RunMetrics
    private let services: HTTPServices
    private let spend: BudgetLedger
    private let outages: Outages
    private let servers: ServerWatch
    private let patience = ShutdownPatience.standard
    private var topology: Topology { graph.topology }

    /// Makes a daemon; nothing is opened yet.
    package init(graph: Graph, options: RunOptions, stop: StopSignal, progress: RunProgress) {
        let topology = graph.topology
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
            if let server = try await startServer() {
                order.close("http", within: patience.step) { [changes = services.changes] in
                    changes.close()
                    await server.close()
                }
            }
            let disk = ComputePool(name: "disk", threads: 2)
            let running = try await disk.run { _ in try build(disk: disk, order) }
            services.state.served = running.served
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
        guard running.pipeline != nil else { return false }
        let outcome = BoundedChannel<Bool>(capacity: 2, weigh: { _ in 1 })
        stop.whenRaised { outcome.finish() }
        Task {
            do {
                try await running.pipeline?.restored()
                try await outcome.send(true)
            } catch {
                outcome.finish(throwing: error)
            }
        }
        let isRestored = try await outcome.next() ?? false
        try Task.checkCancellation()
        return isRestored && !stop.isRaised
    }

    /// Starts the server before weights are read, so that those who watch see the daemon start.
    private func startServer() async throws -> HTTPServer? {
        guard let settings = topology.httpSettings else { return nil }
        let router = services.router(host: settings.host, token: try Self.token(of: settings))
        let descriptors = DescriptorLimit.raise()
        let server = try await HTTPServer.start(at: settings, router: router, descriptors: descriptors)
        if server.connections < settings.limits.connections {
            options.notice(
                "http",
                "at most \(server.connections) connections at once, not \(settings.limits.connections): this process "
                    + "may open \(descriptors) files and sockets (`ulimit -n`)")
        }
        let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        options.notice("http", "listening at http://\(host):\(server.port)")
        return server
    }

    private static func token(of settings: HTTPSettings) throws -> String? {
        guard let secret = settings.token else { return nil }
        let token = try secret.reveal()
        guard !token.allSatisfy(\.isWhitespace) else {
            throw DaemonError(
                .configuration,
                "`token` of `http`, from \(secret.source), is empty: give it the token that clients are to send")
        }
        return token
    }

    /// Publishes what is left once the pipeline has ended, and says what was left undone.
    private func finish(_ running: Opened) async throws -> RunOutcome {
        let patience = stop.isRaised ? patience.outboxAfterStop : patience.outboxAfterDrain
        if try await !running.relay.finish(patience: patience) {
            options.warning("outbox", "some results could not be published; they stay in the outbox for the next start")
        }
        let counts = progress.reading
        for (node, count) in counts.held.sorted(by: { $0.key < $1.key }) {
            options.warning(node, "budget spent: \(count) jobs wait for a start with a larger `budget`")
        }
        for (node, count) in counts.failures.sorted(by: { $0.key < $1.key }) {
            let reason = counts.lastFailures[node] ?? ""
            options.warning(node, "\(count) jobs failed and are tried again at the next start; the last: \(reason)")
        }
        // Of nodes that the topology has: jobs of others are nobody's any more.
        let states = try await running.disk.run { _ in try running.results.jobStates() }
        let failed = graph.topology.nodes.compactMap { node in (states[node.id]?[.failed]).map { (node.id, $0) } }
        return RunOutcome(
            isStopped: stop.isRaised, failed: Dictionary(failed) { first, _ in first }, left: counts.left)
    }

    private struct Opened: @unchecked Sendable {
        // The pipeline is built on one thread and only read afterwards.
        /// `nil` if a stop came before it was built, after which there is nothing to run.
        let pipeline: Pipeline?
        let coordinator: CheckpointCoordinator
        let relay: OutboxRelay
        let served: Served?
        let results: any ResultKeeper
        let disk: ComputePool<Void>
        let jobStore: JobStore
        /// Takes samples of what flows; `nil` if nobody is served.
        var meter: PipelineMeter?
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
            for task in running.pipeline?.tasks ?? [] { group.addTask(operation: task.run) }
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

    /// Opens the state and what works on it; each is closed also if something after it cannot be opened.
    private func build(disk: ComputePool<Void>, _ order: ShutdownOrder) throws -> Opened {
        let permits = CorePermits(count: options.cores)
        let opened = try OpenedState.database(of: graph)
        let library = ModelLibrary(
            graph: graph, permits: permits, workers: options.cores, metrics: metrics, memory: progress.memory,
            spend: spend,
            gates: EndpointGates(
                of: graph, patience: options.untilDrained ? options.serverPatience : nil, clock: options.clock,
                stop: stop, onChange: { [servers] in servers.changed($0, $1, disk: disk) }),
            batches: opened.batches.map { BatchStore($0, disk: disk) }, notice: options.notice)
        let state = opened.state
        order.close("state") { try await disk.run { _ in try state.close() } }
        try servers.keep(in: state)
        order.close("servers") { [servers] in try await disk.run { _ in try servers.forget() } }
        order.close("budget") { [spend] in try await disk.run { _ in try spend.save(to: state) } }
        try spend.resume(from: state)
        if let used = spend.used { metrics.budget(used: used) }
        if let source = options.source {
            try TopologySource.note.write(
                TopologySource(file: source.file, directory: source.directory, text: source.text), to: state)
        }
        let last = try state.latestCheckpoint()
        let ids = Set(topology.nodes.map(\.id))
        if let resumption = try Resumption(of: state, results: opened.results, nodes: ids) {
            options.notice("run", resumption.text)
        }
        let batchMode = try chooseBatchMode(notes: state, isFresh: last == nil)
        for (node, role) in graph.brokerRoles { progress.reaches(node, as: role) }
        let targets = graph.outboxTargets
        let relay = try makeRelay(opened.outbox, disk: disk)
        order.close("outbox", within: patience.step) { await relay.close() }
        defer {
            order.close("endpoints", within: patience.step) { [transports = library.transports] in
                for transport in transports { try? await transport.close() }
            }
        }
        let sources = RecordSources()
        let coordinator = CheckpointCoordinator(
            sources: graph.barrierNodes, terminals: graph.terminals,
            lastEpoch: last?.epoch ?? 0, store: state, disk: disk, deadLetterTargets: graph.deadLetterTargets
        ) { [progress, options, metrics] complete, delay in
            progress.checkpointed()
            metrics.checkpointed(after: delay)
            options.checkpointed(complete.epoch, complete.fences)
            if !complete.deadLetters.isEmpty { relay.wake() }
            sources.checkpointed(complete.fences)
        }
        let jobStore = JobStore(
            results: opened.results, disk: disk, progress: progress, targets: targets, metrics: metrics, spend: spend,
            retries: options.untilDrained ? .untilDrained : .lasting, now: options.now, clock: options.clock,
            onRecorded: { [changes = services.changes] in
                relay.wake()
                changes.send()
            })
        progress.asks(graph.servedModels)
        let context = NodeContext(
            graph: graph, options: options, library: library, state: state, disk: disk,
            compute: ComputePool(name: "compute", threads: options.cores, permits: permits), permits: permits,
            coordinator: coordinator,
            jobStore: jobStore, progress: progress,
            latestEvidence: topology.httpSettings == nil ? nil : services.latestEvidence,
            stop: stop,
            fences: last?.fences ?? [], batchMode: batchMode, outages: outages)
        guard let pipeline = try buildUnlessStopped(context) else {
            return Opened(
                pipeline: nil, coordinator: coordinator, relay: relay, served: nil, results: opened.results,
                disk: disk, jobStore: jobStore)
        }
        sources.set(pipeline.sources)
        progress.reads { sources.extents }
        order.close("labels", within: patience.step) { await sources.finish() }
        try checkMemory(pipeline)
        // Without a server nobody asks what flows.
        let meter = topology.httpSettings.map { _ in
            PipelineMeter(
                progress: progress, timers: pipeline.timers.map(\.timers), lag: { sources.lag },
                delivered: { relay.delivered }, clock: options.clock)
        }
        return Opened(
            pipeline: pipeline, coordinator: coordinator, relay: relay,
            served: try serve(
                pipeline, context, sources: sources, meter: meter, notes: state, mode: batchMode, permits: permits),
            results: opened.results, disk: disk, jobStore: jobStore, meter: meter)
    }

    /// The nodes; `nil` if a stop came while they read what is stored, which changes nothing.
    private func buildUnlessStopped(_ context: NodeContext) throws -> Pipeline? {
        do {
            return try Pipeline(context)
        } catch is CancellationError where stop.isRaised {
            return nil
        }
    }

    private func serve(
        _ pipeline: Pipeline, _ context: NodeContext, sources: RecordSources, meter: PipelineMeter?,
        notes: any NoteKeeper, mode: BatchMode, permits: CorePermits
    ) throws -> Served {
        let name = try StateName.name(in: notes)
        let reader = try Store.reader(directory: topology.state.directory)
        // Without a server nobody asks.
        let isServing = topology.httpSettings != nil
        let sheets = ServedSheets(
            store: reader, coders: isServing ? try graph.knownCoders() : [],
            evidence: { [latestEvidence = services.latestEvidence] in latestEvidence.update(of: $0) })
        return Served(
            reader: reader, stateName: name, sheets: sheets,
            pipeline: meter.map {
                ServedPipeline(
                    graph: graph.pipelineSheet(text: options.source?.text), store: reader, meter: $0)
            },
            probes: isServing ? try graph.textProbes(mode: mode, permits: permits) : [:],
            meaning: isServing ? graph.labelSearch : nil,
            trials: isServing
                ? try context.explanationTrials { [latestEvidence = services.latestEvidence] coder in
                    latestEvidence.update(of: coder)
                } : [:],
            timers: pipeline.timers, lag: { sources.lag }, away: { [servers] in servers.away })
    }

    private func checkMemory(_ pipeline: Pipeline) throws {
        let memory = pipeline.memory
        if let excess = memory.excess(over: topology.state.memoryBytes) { throw DaemonError(.configuration, excess) }
        options.notice(
            "memory", memory.lowering(within: topology.state.memoryBytes).map { "\(memory.text); \($0)" } ?? memory.text
        )
    }

    /// How contexts are batched under this CPU kernel; remembers the kernel, and that the evidence is mixed if it changed.
    private func chooseBatchMode(notes: any NoteKeeper, isFresh: Bool) throws -> BatchMode {
        try CPUKernel.check()
        let mode = try graph.batchMode()
        // Activations come of Gloss' own products over panels since the name says so.
        let kernel = "\(CPUKernel.current.floats) panels-1 \(mode.rawValue)"
        if let before = try KernelNote.note.read(in: notes), before != kernel, !isFresh {
            try EvidenceFlags.isMixed.write(true, to: notes)
            options.warning("evidence", "computed partly on \(before), from now on \(kernel): marked as mixed")
        }
        try KernelNote.note.write(kernel, to: notes)
        return mode
    }

    private func makeRelay(_ outbox: any Outbox, disk: ComputePool<Void>) throws -> OutboxRelay {
        let sinks = try graph.openSinks(options, outages: outages)
        return OutboxRelay(
            outbox: outbox, disk: disk, sinks: sinks, clock: options.clock,
            onFailure: { [outages] sink, reason in outages.failed(sink, reason) },
            onSent: { [outages] sink in outages.answered(sink, "results are taken again") })
    }
}
