import Checkpoints
import Corpus
package import Dataflow
import Elements
package import Evidence
import Interchange
import Observability
package import RecordReading
import Running
import Stages
package import Store
import Tokenization
import Topology

/// The running stages of a topology, or of a part of it: every node as a task that receives from its ports and sends into its
/// readers'.
package final class Pipeline {
    /// The tasks to run, by node.
    package private(set) var tasks: [(node: String, run: @Sendable () async throws -> Void)] = []
    /// The timers of each node, with the node's type.
    package private(set) var timers: [(type: String, timers: StageTimers)] = []
    /// The sources, which are notified of checkpoints.
    package private(set) var sources: [any RecordSource] = []
    /// The nodes that do what persons ask for.
    package private(set) var requestTakers: [RequestTaker] = []
    /// The memory that evidence, explaining and scoring may take.
    package let memory: TopologyMemory
    /// What the samples of each reservoir may take, by node.
    package let sampleBudgets: [String: SampleBudget]

    /// Sets what the samples of a reservoir may take, by node.
    private var budgetings: [String: @Sendable (SampleBudget?) async throws -> Void] = [:]
    /// Those who read the evidence of a reservoir, by node.
    private var evidenceReaders: [String: [Connection<EvidenceUpdate>]] = [:]
    private let evidence: EvidenceOutlets
    /// Each waits until a node holds what earlier processes have stored.
    private var restorations: [@Sendable () async throws -> Void] = []
    private let coordinator: CheckpointCoordinator
    private let progress: RunProgress
    private let tap: Tap?
    private let barrierNodes: Set<String>
    private let wiring: Wiring

    /// Builds every node, or those of some parts; reads weights and what earlier processes have stored, so it blocks.
    ///
    /// - Parameter evidence: Where one part gives its evidence and the other takes it.
    /// - Throws: `CancellationError` if the daemon was asked to stop before it has read all.
    package init(
        _ context: NodeContext, parts: Set<GraphPart> = Set(GraphPart.allCases),
        evidence: EvidenceOutlets = EvidenceOutlets()
    ) throws {
        self.evidence = evidence
        coordinator = context.coordinator
        progress = context.progress
        tap = context.options.tap
        barrierNodes = context.graph.barrierNodes(in: context.options.role)
        memory = try TopologyMemory(of: context.graph, cores: context.options.cores)
        sampleBudgets = memory.budgets(of: context.graph.topology.state.memoryBytes)
        wiring = Wiring(context.graph)
        if parts.contains(.ingest) { try ControlCoders.note(in: context.graph, notes: context.state) }
        if parts.contains(.explaining) {
            try ComparedNodes.note(in: context.graph, notes: context.state)
            requestTakers = try RequestTakers.note(in: context.graph, notes: context.state)
        }
        for definition in context.graph.inOrder(of: parts) where isBuilt(definition, in: context.options.role) {
            let type = definition.node.schema.type
            let timers = context.timers.timers(of: definition.id, type: type)
            self.timers.append((type, timers))
            try definition.build(context, into: self, timers: timers)
        }
        try wiring.connect()
        guard parts.contains(.explaining) else { return }
        for sampler in context.graph.all((any Samples).self) {
            evidenceReaders[sampler.id] = try context.graph.readers(of: sampler.node).map { reader in
                try wiring.connection(into: reader.id, from: sampler.node)
            }
        }
    }

    /// Whether a process of some role runs a node: owners of shares read no documents, and run nothing before a reservoir.
    private func isBuilt(_ definition: any NodeDefinition, in role: Role) -> Bool {
        role.owned == nil || definition is any Samples || definition is any TakesLatents
            || definition is any TakesResults
    }

    /// Has the evidence of reservoirs reach those that read it, from the latest on.
    package func begin() async throws {
        for (node, readers) in evidenceReaders { try await evidence.outlet(of: node).attach(readers) }
    }

    /// Sets what the samples of reservoirs may take, by node; what is above that is given up by and by.
    package func keepSamples(within budgets: [String: SampleBudget]) async throws {
        for (node, set) in budgetings { try await set(budgets[node]) }
    }

    /// Adds the task of a node, with its source, if it is one.
    func add(_ node: Node, source: (any RecordSource)? = nil, run: @escaping @Sendable () async throws -> Void) {
        add(node.id, source: source, run: run)
    }

    private func add(_ id: String, source: (any RecordSource)?, run: @escaping @Sendable () async throws -> Void) {
        if let source { sources.append(source) }
        tasks.append(
            (
                id,
                { [progress] in
                    try await run()
                    progress.ended(id)
                }
            ))
    }

    /// Adds what has to be waited for before a node has what it had in an earlier process.
    func restore(_ restoration: @escaping @Sendable () async throws -> Void) { restorations.append(restoration) }

    /// Waits until all nodes hold what earlier processes have stored.
    ///
    /// - Throws: `CancellationError` if the run was stopped before that.
    package func restored() async throws { for restoration in restorations { try await restoration() } }

    /// Runs a source of documents; without `fences` from those of the last checkpoint.
    func read(
        _ definition: some ReadsRecords, _ source: any RecordSource, _ records: RecordFields, _ context: NodeContext,
        fences: [Fence]? = nil, timers: StageTimers
    ) throws {
        let node = definition.node
        let vocabulary = try context.graph.vocabulary(reading: node)
        let stage = context.sourceStage(
            node.id, source,
            RecordDecoder(
                format: records.format, node: node.id, maximumBytes: records.maximumBytes, vocabulary: vocabulary),
            fences: fences ?? context.fences, timers: timers)
        let output: OutputPort<DocumentBatch> = ingestOutput(of: node, timers)
        add(node, source: source) { try await output.whole { try await stage.run(into: output) } }
    }

    /// Runs a source of binary records, which are unpacked some at a time.
    func read<Batch: EdgeBatch>(
        _ definition: some ReadsRecords, _ source: any RecordSource, maximumBytes: Int, _ context: NodeContext,
        timers: StageTimers, unpack: @escaping @Sendable (SourceBatch) throws -> [Batch]
    ) throws {
        let node = definition.node
        let stage = context.sourceStage(
            node.id, source, BinaryRecords(node: node.id, maximumBytes: maximumBytes), fences: context.fences,
            timers: timers)
        let unpacking = UnpackingStage(pool: context.compute, timers: timers, unpack: unpack)
        let output: OutputPort<Batch> = ingestOutput(of: node, timers)
        add(node, source: source) { try await output.whole { try await stage.run(through: unpacking, into: output) } }
    }

    /// Runs a stage up to a reservoir.
    func ingest<Operator: Stage>(_ node: Node, _ stage: Operator, _ timers: StageTimers)
    where Operator.Input: EdgeBatch, Operator.Output: EdgeBatch {
        run(node, stage, from: wiring.input(of: node, timers: timers), into: ingestOutput(of: node, timers))
    }

    /// Runs a reservoir, whose readers can be changed while it runs.
    ///
    /// - Parameter budgeting: Sets what its samples may take.
    func sample<Operator: Stage>(
        _ node: Node, _ stage: Operator, _ timers: StageTimers,
        budgeting: @escaping @Sendable (SampleBudget?) async throws -> Void
    ) where Operator.Input: EdgeBatch, Operator.Output == EvidenceUpdate {
        budgetings[node.id] = budgeting
        let output = OutputPort<EvidenceUpdate>(timers: timers)
        output.connect(to: evidence.outlet(of: node.id).connect())
        run(node, stage, from: wiring.input(of: node, timers: timers), into: output)
    }

    /// Runs a reservoir that is told by other processes what they have read, through a source of its own.
    func sample(
        _ node: Node, _ stage: ReservoirStage<ShuffleBatch>, _ timers: StageTimers, source: any RecordSource,
        _ sourceID: String, _ reading: SourceStage<BinaryRecords>, through unpacking: UnpackingStage<ShuffleBatch>,
        budgeting: @escaping @Sendable (SampleBudget?) async throws -> Void
    ) {
        budgetings[node.id] = budgeting
        self.timers.append(("shuffle", reading.timers))
        let told = OutputPort<ShuffleBatch>(timers: reading.timers)
        let input = InputPort<ShuffleBatch>(capacity: 4 << 20, timers: timers)
        told.connect(to: input.connect())
        add(sourceID, source: source) {
            try await told.whole { try await reading.run(through: unpacking, into: told) }
        }
        let output = OutputPort<EvidenceUpdate>(timers: timers)
        output.connect(to: evidence.outlet(of: node.id).connect())
        run(node, stage, from: input, into: output)
    }

    /// Runs the stage of a reservoir whose evidence is kept elsewhere.
    func combine(node: Node, _ stage: CombinerStage, _ timers: StageTimers) {
        run(node, stage, from: wiring.input(of: node, timers: timers), into: OutputPort<EvidenceUpdate>(timers: timers))
    }

    /// Runs a stage below a reservoir.
    func run<Operator: Stage>(_ node: Node, _ stage: Operator, _ timers: StageTimers)
    where Operator.Input: EdgeBatch, Operator.Output: EdgeBatch {
        run(node, stage, from: wiring.input(of: node, timers: timers), into: wiring.output(of: node, timers: timers))
    }

    /// Runs a score node that takes scores beside explanations, in the order in which they come.
    func judge<Operator: Stage>(_ node: Node, _ stage: Operator, _ timers: StageTimers)
    where Operator.Input == JudgedInput, Operator.Output: EdgeBatch {
        let input = InputPort<JudgedInput>(capacity: ScoreBatch.capacity, timers: timers)
        wiring.admit(ExplanationBatch.self, to: node) { input.connect { .explanations($0) } }
        wiring.admit(ScoreBatch.self, to: node) { input.connect { .scores($0) } }
        run(node, stage, from: input, into: wiring.output(of: node, timers: timers))
    }

    private func run<Operator: Stage>(
        _ node: Node, _ stage: Operator, from input: InputPort<Operator.Input>, into output: OutputPort<Operator.Output>
    ) {
        add(node) { try await output.whole { try await stage.run(from: input, into: output) } }
    }

    /// The output of a node whose barriers a checkpoint waits for if nothing reads it.
    func ingestOutput<Batch: EdgeBatch>(of node: Node, _ timers: StageTimers) -> OutputPort<Batch> {
        wiring.output(
            of: node, timers: timers,
            unread: Connection(
                send: { [coordinator, tap, putsBarriers = barrierNodes.contains(node.id)] flow in
                    switch flow {
                    case .barrier where putsBarriers:
                        // It reports a barrier once that is sent, and an epoch is not on disk before.
                        Task { try await coordinator.submit(terminal: node.id) }
                    case .barrier: try await coordinator.submit(terminal: node.id)
                    case .batch(let batch): if tap?.node == node.id { try await tap?.show(batch) }
                    }
                }, finish: { _ in }))
    }
}
