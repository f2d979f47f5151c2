import Dataflow
import Elements
import Evidence
import Hashing
import Inference
import Interchange
import Kafka
import LanguageModels
import LinearAlgebra
import Observability
import Scoring
import Serving
import SparseCoders
import StateNotes
import Store
import Tokenization
import Topology

/// What every node is built with.
struct Workshop {
    let topology: Topology
    let options: RunOptions
    let library: ModelLibrary
    let store: Store
    let disk: ComputePool<Void>
    let compute: ComputePool<Void>
    let permits: CorePermits
    let coordinator: CheckpointCoordinator
    let ledger: JobLedger
    let progress: RunProgress
    let shelf: LatestEvidence?
    let stop: StopSignal
    let fences: [Fence]
    let batchMode: BatchMode
    /// What stands of each explain node's explanations.
    let successions = Successions()
}

/// The running stages of a topology: every node as a task that pumps its results into its readers' channels.
final class Pipeline {
    /// The tasks to run, by node.
    private(set) var tasks: [(node: String, run: @Sendable () async throws -> Void)] = []
    /// The timers of each node, with the node's type.
    private(set) var timers: [(type: String, timers: StageTimers)] = []
    /// The sources, to be told of checkpoints.
    private(set) var sources: [any RecordSource] = []
    /// What evidence, explaining and scoring may take of memory.
    let memory: TopologyMemory

    private let workshop: Workshop
    private let documents: Edges<DocumentBatch>
    private let contexts: Edges<ContextBatch>
    private let activations: Edges<ActivationBatch>
    private let codes: Edges<CodeBatch>
    private let evidence: Edges<EvidenceUpdate>
    private let explanations: Edges<ExplanationBatch>
    private let scores: Edges<ScoreBatch>

    /// Builds every node; reads weights and stored evidence, so it blocks.
    init(_ workshop: Workshop) throws {
        self.workshop = workshop
        memory = try TopologyMemory(
            of: workshop.topology, cores: workshop.options.cores, coder: workshop.library.coder(of:),
            cache: workshop.library.delphiCache(of:))
        // A barrier waits behind what the channels hold, so the cheap ends of the pipeline hold little.
        documents = Edges(workshop.topology, capacity: 4 << 10)
        contexts = Edges(workshop.topology, capacity: 8 << 10)
        activations = Edges(workshop.topology, capacity: 64 << 20)
        codes = Edges(workshop.topology, capacity: 16 << 20)
        evidence = Edges(workshop.topology, capacity: 1, keepsLatestOnly: true)
        explanations = Edges(workshop.topology, capacity: 1 << 20)
        scores = Edges(workshop.topology, capacity: 1 << 20)
        try ControlCoders.note(in: workshop.topology, store: workshop.store)
        for node in workshop.topology.topologicalOrder { try build(node) }
    }

    private func build(_ node: Node) throws {
        let timers = StageTimers(node: node.id)
        self.timers.append((node.schema.type, timers))
        switch (node.kind, node.schema.type) {
        case (.source, "delphi_cache"):
            let (source, results) = try workshop.delphiCodes(node, timers: timers)
            sources.append(source)
            run(node, results, into: codes, timers: timers, isIngest: true)
        case (.source, _):
            let (source, documents) = try workshop.source(node)
            sources.append(source)
            run(node, documents, into: self.documents, timers: timers, isIngest: true)
        case (.stage, "tokenize"):
            let stage = try workshop.tokenize(node, timers: timers)
            run(node, stage.results(of: documents.input(of: node)), into: contexts, timers: timers, isIngest: true)
        case (.stage, "forward"):
            let stage = try workshop.forward(node, timers: timers)
            let batches = RebatchStage(tokens: node.integer("batch") ?? 4096).results(of: contexts.input(of: node))
            run(node, stage.results(of: batches), into: activations, timers: timers, isIngest: true)
        case (.stage, "encode"):
            let stage = try workshop.encode(node, timers: timers)
            run(node, stage.results(of: activations.input(of: node)), into: codes, timers: timers, isIngest: true)
        case (.stage, "reservoir"):
            let stage = try workshop.reservoir(node, timers: timers)
            run(node, stage.results(of: codes.input(of: node)), into: evidence, timers: timers, isIngest: false)
        case (.stage, "explain"):
            let upstream = evidence.input(of: node)
            let results =
                switch node.schema.variant?.value {
                case "lexical": try workshop.lexical(node, timers: timers).results(of: upstream)
                case "loaded", "none": try workshop.given(node).results(of: upstream)
                default: try workshop.asking(node, timers: timers).results(of: upstream)
                }
            run(node, results, into: explanations, timers: timers, isIngest: false)
        case (.stage, "score"):
            let upstream = explanations.input(of: node, giving: .explanations)
            let cheaper = scores.inputs(of: node, giving: .scores)
            let results =
                switch node.schema.variant?.value {
                case "execution": try workshop.execution(node, timers: timers).results(of: upstream)
                case InterventionScorer.method:
                    try workshop.intervention(node, timers: timers).results(of: JudgedInput.merged(upstream, nil))
                case "embedding": try workshop.embedding(node, timers: timers).results(of: upstream)
                case SimulationScorer.method:
                    try workshop.simulation(node, timers: timers).results(of: JudgedInput.merged(upstream, nil))
                case SurprisalScorer.method:
                    try workshop.surprisal(node, timers: timers).results(of: JudgedInput.merged(upstream, nil))
                case IntruderScorer.method:
                    try workshop.intruder(node, timers: timers).results(of: JudgedInput.merged(upstream, nil))
                default:
                    try workshop.judged(node, timers: timers).results(
                        of: JudgedInput.merged(
                            upstream, cheaper.isEmpty ? nil : scores.input(of: node, giving: .scores)))
                }
            run(node, results, into: scores, timers: timers, isIngest: false)
        default: break  // Sinks take from the outbox, not from a channel.
        }
    }

    /// Pumps a node's results to its readers; an ingest node without readers is a terminal that only takes barriers.
    private func run<Batch: Weighed>(
        _ node: Node, _ results: FlowSequence<Batch>, into edges: Edges<Batch>, timers: StageTimers, isIngest: Bool
    ) {
        let channels = edges.outputs(of: node.id)
        let coordinator = workshop.coordinator
        let id = node.id
        if channels.isEmpty, isIngest {
            tasks.append((id, { try await drain(results, terminal: id, coordinator: coordinator) }))
        } else {
            tasks.append((id, { try await pump(results, into: channels, timers: timers) }))
        }
    }
}

extension Topology {
    /// The nodes whose barriers a checkpoint waits for: reservoirs, and ingest nodes that nothing reads.
    var terminals: Set<String> {
        Set(
            nodes.filter { node in
                switch (node.kind, node.schema.type) {
                case (.stage, "reservoir"): true
                case (.stage, "explain"), (.stage, "score"), (.sink, _): false
                default:
                    !nodes.contains { reader in
                        reader.kind == .stage && reader.inputs.contains { $0.node == node.id && $0.port == nil }
                    }
                }
            }.map(\.id))
    }
}
