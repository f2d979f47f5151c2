import Inference
import Jobs
import LatentSheets
import Nodes
import Observability
import Running
import Synchronization

/// The explain and score nodes of one topology, from their building to their end.
struct ExplainingPart: @unchecked Sendable {
    // The pipeline is built on one thread and only read afterwards.
    let graph: Graph
    let pipeline: Pipeline
    /// What scores explanations that somebody tries, by coder: with the encoder and the judge of its nodes.
    let trials: [String: any ExplanationTrial]
    private let evidence: EvidenceOutlets
    private let stop: StopSignal
    /// Raised when another part is to take its place.
    private let isLeaving = StopSignal()

    /// Builds them; reads what is stored, so it blocks.
    ///
    /// - Throws: `CancellationError` if the run was asked to stop before all is read.
    init(_ graph: Graph, by builder: ExplainingBuilder) throws {
        self.graph = graph
        evidence = builder.evidence
        let stop = StopSignal()
        self.stop = stop
        builder.stop.whenRaised { stop.raise() }
        var jobStore = builder.jobStore
        jobStore.targets = graph.outboxTargets
        let library = builder.library(graph, stop)
        defer { builder.connections.add(library.transports) }
        let context = builder.context.anew(graph, library: library, jobStore: jobStore, stop: stop)
        pipeline = try Pipeline(context, parts: [.explaining], evidence: builder.evidence)
        trials =
            try builder.latestEvidence.map { latest in try context.explanationTrials { latest.update(of: $0) } } ?? [:]
        try jobStore.dropRequests(unlessTakenBy: pipeline.requestTakers)
    }

    /// Runs them until the reservoirs have ended and all is done, or until they are asked to end.
    func run() async throws {
        try await pipeline.begin()
        // Whoever asked them to end before they had readers has taken none away.
        if isLeaving.isRaised { try await evidence.detach() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in pipeline.tasks { group.addTask(operation: task.run) }
            // Unlike waiting for all, this throws, and so cancels, while the others are still running.
            while try await group.next() != nil {}
        }
    }

    /// Asks them to end as at a stop, while the reservoirs go on: jobs not yet begun stay open.
    func end() async throws {
        isLeaving.raise()
        stop.raise()
        try await evidence.detach()
    }
}

/// What explain and score nodes are built with, whenever they are.
struct ExplainingBuilder: @unchecked Sendable {
    // Used by one thread at a time: before the run, and then between two parts.
    let context: NodeContext
    let evidence: EvidenceOutlets
    /// The latest evidence, for explanations that somebody tries; `nil` if nobody is served.
    let latestEvidence: LatestEvidence?
    let jobStore: JobStore
    let connections: ServerConnections
    /// The stop of the whole run.
    let stop: StopSignal
    /// Makes the models that the nodes of a graph ask.
    let library: (_ graph: Graph, _ stop: StopSignal) -> ModelLibrary
}

/// The connections to servers of models that are open.
final class ServerConnections: Sendable {
    private let open = Mutex<[AsyncHTTPClientTransport]>([])

    func add(_ transports: [AsyncHTTPClientTransport]) { open.withLock { $0 += transports } }

    /// Closes all of them, once nobody asks any more.
    func close() async {
        let transports = open.withLock { open in
            defer { open = [] }
            return open
        }
        for transport in transports { try? await transport.close() }
    }
}
