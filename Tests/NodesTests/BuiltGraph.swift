import Checkpoints
import Dataflow
import Elements
import Inference
import Jobs
import Observability
import Running
import StateFixtures
import Store
import Synchronization
import Testing
import Topology

@testable import Nodes

/// A graph with all that its nodes are built with and run on, as one process has it, without a server and an outbox.
struct BuiltGraph {
    /// What the run told those outside it.
    final class Heard: Sendable {
        private let state = Mutex<(notices: [String], fences: [Fence])>(([], []))

        /// Lines for an operator, each with its node before it.
        var notices: [String] { state.withLock { $0.notices } }
        /// Where the last checkpoint stands.
        var fences: [Fence] { state.withLock { $0.fences } }

        func notice(_ node: String, _ text: String) { state.withLock { $0.notices.append("\(node): \(text)") } }
        func checkpointed(_ fences: [Fence]) { state.withLock { $0.fences = fences } }
    }

    let graph: Graph
    /// What the graph's files are in; it is there for as long as this is.
    let directory: TemporaryDirectory
    let store: Store
    let stop = StopSignal()
    let progress = RunProgress()
    let evidence = LatestEvidence()
    let heard = Heard()
    let spend: BudgetLedger
    let library: ModelLibrary
    let coordinator: CheckpointCoordinator
    let context: NodeContext
    /// Ticks of the timer of checkpoints; without any, barriers come when sources ask for them.
    let clock: TickClock

    /// Opens the state that the directory holds, or goes on from a state in memory; `whenCheckpointed` is told of each checkpoint after `heard` is.
    init(
        _ graph: Graph, in directory: TemporaryDirectory, budget: Budget? = nil, cores: Int = 2,
        clock: TickClock = TickClock(), memory: MemoryState? = nil,
        setting set: (inout RunOptions) -> Void = { _ in },
        whenCheckpointed: @escaping @Sendable (StopSignal) -> Void = { _ in }
    ) throws {
        self.graph = graph
        self.directory = directory
        self.clock = clock
        let (heard, stop) = (heard, stop)
        var options = RunOptions(cores: cores, notice: heard.notice)
        options.clock = StillClock()
        options.untilDrained = true
        set(&options)
        store = try Store(directory: directory.state, topology: try graph.storeIdentity(), now: { Fixture.time })
        let state: any StateKeeper = memory ?? store
        let results: any ResultKeeper = memory == nil ? store : RefusedResults()
        let metrics = RunMetrics(progress: progress, version: "", topology: "", digest: "")
        spend = BudgetLedger(budget: budget)
        try spend.resume(from: state)
        let permits = CorePermits(count: cores)
        library = ModelLibrary(graph: graph, permits: permits, workers: cores, metrics: metrics, spend: spend)
        let disk = ComputePool<Void>(name: "disk", threads: 1)
        let last = try state.latestCheckpoint()
        coordinator = CheckpointCoordinator(
            sources: graph.barrierNodes, terminals: graph.terminals, lastEpoch: last?.epoch ?? 0, store: state,
            disk: disk,
            deadLetterTargets: graph.deadLetterTargets
        ) { complete, _ in
            heard.checkpointed(complete.fences)
            whenCheckpointed(stop)
        }
        context = NodeContext(
            graph: graph, options: options, library: library, state: state, disk: disk,
            compute: ComputePool<Void>(name: "compute", threads: cores, permits: permits), permits: permits,
            coordinator: coordinator,
            jobStore: JobStore(
                results: results, disk: disk, progress: progress, targets: graph.outboxTargets, metrics: metrics,
                spend: spend, onRecorded: {}),
            progress: progress, latestEvidence: evidence, stop: stop, fences: last?.fences ?? [],
            batchMode: try graph.batchMode(), outages: .silent)
    }

    /// Builds all nodes, and runs them to their end as the daemon does.
    @discardableResult func run() async throws -> Pipeline {
        let pipeline = try Pipeline(context)
        try await pipeline.begin()
        let (tasks, coordinator, clock) = (pipeline.tasks.map(\.run), coordinator, clock)
        stop.whenRaised { Task { await coordinator.requestBarrier() } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await coordinator.run(interval: .seconds(1), clock: clock) }
            for task in tasks { group.addTask(operation: task) }
            do {
                while try await group.next() != nil {}
            } catch {
                coordinator.fail(error)
                group.cancelAll()
                throw error
            }
        }
        return pipeline
    }

    /// The graph after its run; if that fails, what it has opened is closed first.
    func ran() async throws -> BuiltGraph {
        do {
            try await run()
        } catch {
            try await close()
            throw error
        }
        return self
    }

    /// The evidence of a coder's latents as it was at the last barrier.
    func view(_ coder: String) throws -> any EvidenceView { try #require(evidence.update(of: coder)).view }

    /// Lets go of the state directory and of connections.
    func close() async throws {
        for transport in library.transports { try await transport.close() }
        try store.close()
    }
}
