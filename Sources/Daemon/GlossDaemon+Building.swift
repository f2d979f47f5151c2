import Checkpoints
import Dataflow
import Elements
import Foundation
import Hashing
import Inference
import Jobs
import LanguageModels
import LatentSheets
import LinearAlgebra
import Nodes
import Observability
import PipelineSheets
import RecordReading
import Running
import Serving
import Sinks
import SparseCoders
import Stages
import StateNotes
import Store
import Tokenization
import Topology

extension GlossDaemon {
    /// Starts the server before weights are read, so that those who watch see the daemon start.
    func startServer() async throws -> HTTPServer? {
        guard let settings = topology.httpSettings else { return nil }
        let router = services.router(
            host: settings.host, token: try Self.token("token", settings.token),
            // A process that only reads the corpus has nothing that could be changed.
            writes: options.role.isIngest ? nil : try Self.token("write_token", settings.writeToken).map(writes),
            hasResults: !options.role.isIngest)
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

    private static func token(_ name: String, _ secret: Secret?) throws -> String? {
        guard let secret else { return nil }
        let token = try secret.reveal()
        guard !token.allSatisfy(\.isWhitespace) else {
            throw DaemonError(
                .configuration,
                "`\(name)` of `http`, from \(secret.source), is empty: give it the token that clients are to send")
        }
        return token
    }

    /// Opens the state and what works on it; each is closed also if something after it cannot be opened.
    func build(disk: ComputePool<Void>, _ order: ShutdownOrder) throws -> Opened {
        let permits = CorePermits(count: options.cores)
        let publisher = try options.role.isIngest ? makePublisher(order) : nil
        let opened = try publisher.map(OpenedState.telling) ?? OpenedState.database(of: graph, in: options.role)
        let state = opened.state
        if options.role != .whole { options.notice(Graph.telling, "processes must agree on \(try graph.agreement())") }
        order.close("state") { try await disk.run { _ in try state.close() } }
        try servers.keep(in: state)
        order.close("servers") { [servers] in try await disk.run { _ in try servers.forget() } }
        order.close("budget") { [spend] in try await disk.run { _ in try spend.save(to: state) } }
        try spend.resume(from: state)
        metrics.budget(used: spend.used)
        try note(graph, text: options.source?.text, in: state)
        let last = try state.latestCheckpoint()
        let ids = Set(topology.nodes.map(\.id))
        if let resumption = try Resumption(of: state, results: opened.results, nodes: ids) {
            options.notice("run", resumption.text)
        }
        let batchMode = try chooseBatchMode(notes: state, isFresh: last == nil)
        for (node, role) in graph.brokerRoles(in: options.role) { progress.reaches(node, as: role) }
        let targets = graph.outboxTargets
        let relay = try makeRelay(opened.outbox, disk: disk)
        order.close("outbox", within: patience.step) { await relay.close() }
        let connections = ServerConnections()
        order.close("endpoints", within: patience.step) { await connections.close() }
        let sources = RecordSources()
        let refused = RefusedRecords(of: options.role.owned == nil ? [] : graph.barrierNodes(in: options.role))
        let coordinator = CheckpointCoordinator(
            sources: graph.barrierNodes(in: options.role), terminals: graph.terminals(in: options.role),
            lastEpoch: last?.epoch ?? 0, store: state, disk: disk, deadLetterTargets: graph.deadLetterTargets
        ) { [progress, options, metrics] complete, delay in
            progress.checkpointed()
            metrics.checkpointed(after: delay)
            options.checkpointed(complete.epoch, complete.fences)
            if !complete.deadLetters.isEmpty { relay.wake() }
            for (source, text) in refused.notices(of: complete.deadLetters) { options.warning(source, text) }
            sources.checkpointed(publisher?.committable(complete.fences) ?? complete.fences)
        }
        let jobStore = JobStore(
            results: opened.results, disk: disk, progress: progress, targets: targets, metrics: metrics, spend: spend,
            retries: options.untilDrained ? .untilDrained : .lasting, now: options.now, clock: options.clock,
            warning: options.warning,
            onRecorded: { [changes = services.changes] in
                relay.wake()
                changes.send()
            })
        progress.asks(graph.servedModels)
        let library = { [self] (graph: Graph, stop: StopSignal) in
            ModelLibrary(
                graph: graph, permits: permits, workers: options.cores, metrics: metrics, memory: progress.memory,
                spend: spend,
                gates: EndpointGates(
                    of: graph, patience: options.untilDrained ? options.serverPatience : nil, clock: options.clock,
                    stop: stop, onChange: { [servers] in servers.changed($0, $1, disk: disk) }),
                batches: opened.batches.map { BatchStore($0, disk: disk) }, notice: options.notice)
        }
        let context = NodeContext(
            graph: graph, options: options, library: library(graph, stop), state: state, disk: disk,
            compute: ComputePool(name: "compute", threads: options.cores, permits: permits), permits: permits,
            coordinator: coordinator,
            jobStore: jobStore, progress: progress,
            latestEvidence: topology.httpSettings == nil ? nil : services.latestEvidence,
            stop: stop,
            fences: last?.fences ?? [], batchMode: batchMode, outages: outages, publisher: publisher)
        guard publisher == nil else {
            return try openIngest(
                context, sources: sources, coordinator: coordinator, relay: relay, opened: opened, disk: disk,
                jobStore: jobStore, order)
        }
        let builder = ExplainingBuilder(
            context: context, evidence: EvidenceOutlets(),
            latestEvidence: topology.httpSettings == nil ? nil : services.latestEvidence, jobStore: jobStore,
            connections: connections, stop: stop, library: library)
        guard let (ingest, part) = try buildUnlessStopped(builder) else {
            return Opened(
                ingest: nil, explaining: nil, coordinator: coordinator, relay: relay, served: nil,
                results: opened.results, disk: disk, jobStore: jobStore)
        }
        sources.set(ingest.sources)
        progress.reads { sources.extents }
        order.close("labels", within: patience.step) { await sources.finish() }
        try checkMemory(ingest)
        let timers = ingest.timers + part.pipeline.timers
        // Without a server nobody asks what flows.
        let meter = topology.httpSettings.map { _ in
            PipelineMeter(
                progress: progress, timers: timers.map(\.timers), lag: { sources.lag },
                delivered: { relay.delivered }, clock: options.clock)
        }
        let served = try serve(
            timers, part.trials, sources: sources, meter: meter, notes: state, mode: batchMode, permits: permits)
        let adoption = Adoption(
            ingest: ingest, relay: relay, coordinator: coordinator, state: state, disk: disk)
        return Opened(
            ingest: ingest,
            explaining: ExplainingRun(
                part, builder: builder, requests: reloads, disk: disk,
                prepare: { [self] running in await preparation(against: running, disk: disk) },
                adopt: { [self] part, change, running in try await adopt(part, change, running, by: adoption) },
                changing: { [readiness, options] isChanging in
                    if isChanging {
                        options.notice(
                            "reload", "the file is taken: jobs under way are finished, and what has changed runs then")
                    }
                    readiness.change(
                        from: isChanging ? .running : .reloading, to: isChanging ? .reloading : .running)
                },
                tell: { [self] asker, outcome in tell(asker, outcome) }),
            coordinator: coordinator, relay: relay, served: served, results: opened.results, disk: disk,
            jobStore: jobStore, meter: meter)
    }

    /// The nodes; `nil` if a stop came while they read what is stored, which changes nothing.
    private func buildUnlessStopped(
        _ builder: ExplainingBuilder
    ) throws -> (ingest: Pipeline, explaining: ExplainingPart)? {
        do {
            let ingest = try Pipeline(builder.context, parts: [.ingest], evidence: builder.evidence)
            return (ingest, try ExplainingPart(graph, by: builder))
        } catch is CancellationError where stop.isRaised {
            return nil
        }
    }

    private func serve(
        _ timers: [(type: String, timers: StageTimers)], _ trials: [String: any ExplanationTrial],
        sources: RecordSources, meter: PipelineMeter?, notes: any NoteKeeper, mode: BatchMode, permits: CorePermits
    ) throws -> Served {
        let name = try StateName.name(in: notes)
        let reader = try Store.reader(directory: topology.state.directory)
        // Without a server nobody asks.
        let isServing = topology.httpSettings != nil
        return Served(
            reader: reader, stateName: name, sheets: try sheets(of: graph, reader),
            pipeline: meter.map {
                ServedPipeline(graph: graph.pipelineSheet(text: options.source?.text), store: reader, meter: $0)
            },
            probes: isServing ? try graph.textProbes(mode: mode, permits: permits) : [:],
            meaning: meaning(of: graph), trials: trials, timers: timers, lag: { sources.lag },
            away: { [servers] in servers.away })
    }

    /// What is served of latents by a topology; blocks.
    func sheets(of graph: Graph, _ reader: StoreReader) throws -> ServedSheets {
        ServedSheets(
            store: reader, coders: topology.httpSettings == nil ? [] : try graph.knownCoders(),
            evidence: { [latestEvidence = services.latestEvidence] in latestEvidence.update(of: $0) })
    }

    /// What finds labels by their meaning; `nil` if nobody is served.
    func meaning(of graph: Graph) -> (any MeaningSearch)? {
        topology.httpSettings == nil ? nil : graph.labelSearch
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
        // An owner of shares merges what others have computed.
        guard options.role.owned == nil else { return mode }
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
        // A process that only reads the corpus has nothing to publish.
        let sinks = try options.role.isIngest ? [:] : graph.openSinks(options, outages: outages)
        return OutboxRelay(
            outbox: outbox, disk: disk, sinks: sinks, clock: options.clock,
            onFailure: { [outages] sink, reason in outages.failed(sink, reason) },
            onSent: { [outages] sink in outages.answered(sink, "results are taken again") })
    }
}
