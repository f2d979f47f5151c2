import Checkpoints
import Dataflow
import Elements
import Foundation
import Hashing
import Jobs
import Nodes
import Observability
import Running
import Serving
import Sinks
import StateNotes
import Store
import Topology

extension GlossDaemon {
    /// How long after a look at the file the next one comes.
    private static let watchInterval = Duration.seconds(5)

    /// What goes by the topology beside explain and score nodes.
    struct Adoption: @unchecked Sendable {
        // The pipeline is built on one thread and only read afterwards.
        let ingest: Pipeline
        let relay: OutboxRelay
        let coordinator: CheckpointCoordinator
        let state: any StateKeeper
        let disk: ComputePool<Void>
    }

    /// Notes what runs from now on, for whoever looks at the state, and for those who ask; blocks.
    func note(_ graph: Graph, text: String?, in notes: any NoteKeeper) throws {
        guard let source = options.source, let text else { return }
        try TopologySource.note.write(
            TopologySource(file: source.file, directory: source.directory, text: text), to: notes)
        metrics.configuration.loaded(
            text, of: source.file, digest: graph.topology.digest.description, at: options.now())
    }

    /// Looks every few seconds whether the file still says what runs.
    func watchFile(of explaining: ExplainingRun?, disk: ComputePool<Void>) -> Task<Void, Never>? {
        guard let file, let explaining else { return nil }
        return Task { [clock = options.clock, configuration = metrics.configuration] in
            while (try? await clock.sleep(for: Self.watchInterval)) != nil {
                let graph = explaining.graph
                let isInSync = try? await disk.run { _ in file.isInSync(with: graph) }
                // What was adopted meanwhile is told by whoever did.
                if let isInSync, explaining.graph === graph { configuration.found(inSync: isInSync) }
            }
        }
    }

    /// Reads the file again, and finds out what there is to do.
    func preparation(against running: Graph, disk: ComputePool<Void>) async -> ExplainingRun.Preparation {
        guard let file else { return .nothing(.failed("this run was given no file that could be read again")) }
        do {
            switch try await disk.run({ _ in try file.read(against: running) }) {
            case .same(let text):
                try await adopt(text: text, of: running)
                return .nothing(.unchanged)
            case .faulty(let diagnostics): return .nothing(.refused(diagnostics))
            case .changed(let graph, let changes, let text):
                return try await preparation(of: graph, changes, text, against: running, in: file, disk: disk)
            }
        } catch {
            return .nothing(.failed("\(error)"))
        }
    }

    private func adopt(text: String, of running: Graph) async throws {
        guard let source = options.source else { return }
        metrics.configuration.loaded(
            text, of: source.file, digest: running.topology.digest.description,
            at: metrics.configuration.reading.loaded ?? options.now())
        services.state.served = services.state.served?.telling(of: running.pipelineSheet(text: text))
    }

    /// Finds what a start would find before it opens anything.
    private func preparation(
        of graph: Graph, _ changes: [SettingChange], _ text: String, against running: Graph, in file: TopologyFile,
        disk: ComputePool<Void>
    ) async throws -> ExplainingRun.Preparation {
        async let texts = EndpointInspection.diagnostics(of: graph, file: file.path)
        async let batches = BatchInspection.diagnostics(of: graph, file: file.path)
        let faults = await texts + batches
        guard faults.isEmpty else { return .nothing(.refused(faults)) }
        let changed = Self.changedSinks(changes, graph)
        let sinks = try await disk.run { [options, outages] _ in
            let memory = try TopologyMemory(of: graph, cores: options.cores)
            if let excess = memory.excess(over: graph.topology.state.memoryBytes) {
                throw DaemonError(.configuration, excess)
            }
            for sink in changed { outages.forget(sink) }
            return NewSinks(try graph.openSinks(options, outages: outages, only: changed))
        }
        return .change(ExplainingRun.Change(graph: graph, changes: changes, text: text, sinks: sinks))
    }

    /// The sinks of a graph that are new or set differently.
    private static func changedSinks(_ changes: [SettingChange], _ graph: Graph) -> Set<String> {
        graph.sinkNodes.intersection(nodes(of: changes))
    }

    private static func nodes(of changes: [SettingChange]) -> [String] {
        changes.compactMap { if case .node(let id) = $0.subject { id } else { nil } }
    }

    /// Has all else go by explain and score nodes that are built and have not begun, and by a change of the topology if
    /// there is one.
    func adopt(
        _ part: ExplainingPart, _ change: ExplainingRun.Change?, _ running: Graph, by adoption: Adoption
    ) async throws {
        progress.begunAnew(running.explainingNodes)
        if let change { try await adopt(change, with: part, running, by: adoption) }
        let served = try await adoption.disk.run { [self] _ -> Served? in
            try servers.reset()
            try spend.save(to: adoption.state)
            if let change {
                try note(part.graph, text: change.text, in: adoption.state)
                progress.expects(part.graph.expectedWork(in: options.role))
            }
            return try services.state.served.map { served in
                let changed = served.replacing(
                    timers: adoption.ingest.timers + part.pipeline.timers,
                    sheets: try sheets(of: part.graph, served.reader), meaning: meaning(of: part.graph),
                    trials: part.trials)
                return change.map { changed.telling(of: part.graph.pipelineSheet(text: $0.text)) } ?? changed
            }
        }
        services.state.served = served
        services.changes.send()
    }

    private func adopt(
        _ change: ExplainingRun.Change, with part: ExplainingPart, _ running: Graph, by adoption: Adoption
    ) async throws {
        let graph = change.graph
        spend.change(to: graph.topology.budget)
        metrics.budget(used: spend.used)
        progress.asks(graph.servedModels)
        let sinks = change.sinks.take()
        let changed = Set(Self.nodes(of: change.changes))
        try await adoption.relay.change(
            removing: running.sinkNodes.intersection(changed), adding: sinks, patience: patience.outboxAfterStop)
        for sink in running.sinkNodes.union(graph.sinkNodes).intersection(changed) {
            progress.reaches(sink, as: .sink)
        }
        adoption.coordinator.send(deadLettersTo: graph.deadLetterTargets)
        try await adoption.ingest.keepSamples(within: part.pipeline.sampleBudgets)
        file?.forget()
    }

    /// What may be changed over HTTP with a token.
    func writes(_ token: String) -> WriteAccess {
        WriteAccess(
            token: token, directory: graph.topology.state.directory,
            reload: { [reloads] in await reloads.ask("over HTTP") },
            log: { [options] text in options.notice("http", text) })
    }

    /// Tells an operator, and those who look on, what has come of a request.
    func tell(_ asker: String, _ outcome: ReloadOutcome) {
        metrics.configuration.reread(succeeded: outcome.isInSync, at: options.now())
        for line in outcome.lines {
            if outcome.isInSync {
                options.notice("reload", line)
            } else {
                options.warning("reload", line)
            }
        }
    }
}
