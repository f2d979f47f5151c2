import Dataflow
import Elements
import Evidence
import Hashing
import Inference
import Kafka
import LanguageModels
import LinearAlgebra
import Scoring
import SparseCoders
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
    let shelf: EvidenceShelf?
    let stop: StopSignal
    let fences: [Fence]
    let batchMode: BatchMode
    /// What stands of each explain node's explanations.
    let lineage = SharedLineage()
}

/// The running stages of a topology: every node as a task that receives from its ports and sends into its readers'.
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
    private let wiring: Wiring

    /// Builds every node; reads weights and stored evidence, so it blocks.
    init(_ workshop: Workshop) throws {
        self.workshop = workshop
        memory = try TopologyMemory(
            of: workshop.topology, cores: workshop.options.cores, coder: workshop.library.coder(of:),
            cache: workshop.library.delphiCache(of:))
        wiring = Wiring(workshop.topology)
        try ControlCoders.note(in: workshop.topology, store: workshop.store)
        for node in workshop.topology.topologicalOrder { try build(node) }
        try wiring.connect()
    }

    private func build(_ node: Node) throws {
        let timers = StageTimers(node: node.id)
        self.timers.append((node.schema.type, timers))
        switch (node.kind, node.schema.type) {
        case (.source, "delphi_cache"):
            let source = try workshop.source(node)
            sources.append(source.source)
            let codes = try workshop.delphiCodes(node, timers: timers)
            let output: OutputPort<CodeBatch> = ingestOutput(of: node, timers)
            tasks.append((node.id, { try await output.whole { try await source.run(through: codes, into: output) } }))
        case (.source, _):
            let source = try workshop.source(node)
            sources.append(source.source)
            let output: OutputPort<DocumentBatch> = ingestOutput(of: node, timers)
            tasks.append((node.id, { try await output.whole { try await source.run(into: output) } }))
        case (.stage, "tokenize"): ingest(node, try workshop.tokenize(node, timers: timers), timers)
        case (.stage, "forward"): ingest(node, try workshop.forward(node, timers: timers), timers)
        case (.stage, "encode"): ingest(node, try workshop.encode(node, timers: timers), timers)
        case (.stage, "reservoir"): run(node, try workshop.reservoir(node, timers: timers), timers)
        case (.stage, "explain"): try explain(node, timers)
        case (.stage, "score"): try score(node, timers)
        default: break  // Sinks take from the outbox, not from a port.
        }
    }

    private func explain(_ node: Node, _ timers: StageTimers) throws {
        switch node.schema.variant?.value {
        case "lexical": run(node, try workshop.lexical(node, timers: timers), timers)
        case "loaded", "none": run(node, try workshop.given(node, timers: timers), timers)
        default: run(node, try workshop.asking(node, timers: timers), timers)
        }
    }

    private func score(_ node: Node, _ timers: StageTimers) throws {
        switch node.schema.variant?.value {
        case "execution": run(node, try workshop.execution(node, timers: timers), timers)
        case "embedding": run(node, try workshop.embedding(node, timers: timers), timers)
        case InterventionScorer.method: judge(node, try workshop.intervention(node, timers: timers), timers)
        case SimulationScorer.method: judge(node, try workshop.simulation(node, timers: timers), timers)
        case SurprisalScorer.method: judge(node, try workshop.surprisal(node, timers: timers), timers)
        case IntruderScorer.method: judge(node, try workshop.intruder(node, timers: timers), timers)
        default: judge(node, try workshop.judged(node, timers: timers), timers)
        }
    }

    private func run<Operator: Stage>(_ node: Node, _ stage: Operator, _ timers: StageTimers)
    where Operator.Input: EdgeBatch, Operator.Output: EdgeBatch {
        run(node, stage, from: wiring.input(of: node, timers: timers), into: wiring.output(of: node, timers: timers))
    }

    private func ingest<Operator: Stage>(_ node: Node, _ stage: Operator, _ timers: StageTimers)
    where Operator.Input: EdgeBatch, Operator.Output: EdgeBatch {
        run(node, stage, from: wiring.input(of: node, timers: timers), into: ingestOutput(of: node, timers))
    }

    /// Runs a score node that takes scores beside explanations, in the order in which they come.
    private func judge<Operator: Stage>(_ node: Node, _ stage: Operator, _ timers: StageTimers)
    where Operator.Input == JudgedInput, Operator.Output: EdgeBatch {
        let input = InputPort<JudgedInput>(capacity: ScoreBatch.capacity, timers: timers)
        wiring.admit(ExplanationBatch.self, to: node) { input.connect { .explanations($0) } }
        wiring.admit(ScoreBatch.self, to: node) { input.connect { .scores($0) } }
        run(node, stage, from: input, into: wiring.output(of: node, timers: timers))
    }

    private func run<Operator: Stage>(
        _ node: Node, _ stage: Operator, from input: InputPort<Operator.Input>, into output: OutputPort<Operator.Output>
    ) {
        tasks.append((node.id, { try await output.whole { try await stage.run(from: input, into: output) } }))
    }

    /// The output of a node whose barriers a checkpoint waits for if nothing reads it.
    private func ingestOutput<Batch: EdgeBatch>(of node: Node, _ timers: StageTimers) -> OutputPort<Batch> {
        wiring.output(
            of: node, timers: timers,
            unread: Connection(
                send: { [coordinator = workshop.coordinator] flow in
                    guard case .barrier = flow else { return }
                    try await coordinator.submit(terminal: node.id, segment: nil)
                }, finish: { _ in }))
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
