package import Checkpoints
import Corpus
package import Dataflow
package import Elements
import Evidence
import Explaining
import Inference
package import Jobs
import LanguageModels
import Lineage
package import LinearAlgebra
package import Observability
import RecordReading
import Records
package import Running
import Scoring
import Shuffle
package import Stages
import StateNotes
package import Store
import Tokenization
import Topology

/// The values that every node is built with.
package struct NodeContext {
    private(set) var graph: Graph
    let options: RunOptions
    private(set) var library: ModelLibrary
    let state: any StateKeeper
    let disk: ComputePool<Void>
    let compute: ComputePool<Void>
    let permits: CorePermits
    let coordinator: CheckpointCoordinator
    private(set) var jobStore: JobStore
    let progress: RunProgress
    let latestEvidence: LatestEvidence?
    private(set) var stop: StopSignal
    let fences: [Fence]
    /// How far the sources have been read, if barriers are not put in by them.
    let intake: Intake?
    /// What has come to those barriers and is still worked on.
    let backlog: Backlog?
    let batchMode: BatchMode
    let outages: Outages
    /// Who tells the owners of shares what is read here; `nil` if it is kept here.
    let publisher: ShufflePublisher?
    let timers = NodeTimers()
    /// The current explanations of each explain node.
    private(set) var lineage = SharedLineage()

    package init(
        graph: Graph, options: RunOptions, library: ModelLibrary, state: any StateKeeper, disk: ComputePool<Void>,
        compute: ComputePool<Void>, permits: CorePermits, coordinator: CheckpointCoordinator, jobStore: JobStore,
        progress: RunProgress, latestEvidence: LatestEvidence?, stop: StopSignal, fences: [Fence], batchMode: BatchMode,
        outages: Outages, publisher: ShufflePublisher? = nil
    ) {
        self.graph = graph
        self.options = options
        self.library = library
        self.state = state
        self.disk = disk
        self.compute = compute
        self.permits = permits
        self.coordinator = coordinator
        self.jobStore = jobStore
        self.progress = progress
        self.latestEvidence = latestEvidence
        self.stop = stop
        self.fences = fences
        self.batchMode = batchMode
        self.outages = outages
        self.publisher = publisher
        // Owners of shares read no documents.
        let isCut = options.role.owned == nil && graph.cut != nil
        intake = isCut ? Intake(sources: graph.sources) : nil
        backlog = isCut ? Backlog(cores: options.cores) : nil
    }

    /// The same for explain and score nodes that are built anew, perhaps of another topology, and end by a signal of their own.
    package func anew(
        _ graph: Graph, library: ModelLibrary, jobStore: JobStore, stop: StopSignal
    ) -> NodeContext {
        var context = self
        context.graph = graph
        context.library = library
        context.jobStore = jobStore
        context.stop = stop
        context.lineage = SharedLineage()
        return context
    }

    /// Records that evidence is no longer exact, and says why; a run that cannot record it must not go on.
    func gap(of node: String) -> @Sendable (_ what: String) throws -> Void {
        { [state, notice = options.notice] what in
            try EvidenceFlags.isExact.write(false, to: state)
            notice(node, what)
        }
    }

    /// The stage of a source.
    func sourceStage<Decoder: SourceDecoder>(
        _ node: String, _ source: any RecordSource, _ decoder: Decoder, fences: [Fence], timers: StageTimers
    ) -> SourceStage<Decoder> {
        SourceStage(
            node: node, source: source, decoder: decoder, coordinator: coordinator, intake: intake, progress: progress,
            timers: timers, stop: stop, endsWhenDrained: options.untilDrained,
            fences: fences.filter { $0.source == node },
            clock: options.clock, now: options.now, notice: { [notice = options.notice] in notice(node, $0) })
    }

    /// How a source of binary records unpacks them; what does not fit the expectation becomes dead letters.
    func unpacking(of node: String, _ expectation: RecordExpectation) -> RecordUnpacking {
        RecordUnpacking(node: node, expectation: expectation) { [coordinator, progress] letters in
            coordinator.add(letters)
            progress.read(records: 0, rejected: letters.map(\.code), by: node)
        }
    }

    /// The latents of a selection, of the coder that a node descends from, as far as they are this process's.
    func latents(_ selection: LatentSelection, of node: Node) throws -> [Int] {
        try latents(selection, of: node, in: graph.shares(of: options.role, above: node))
    }

    private func latents(_ selection: LatentSelection, of node: Node, in share: OwnedLatents?) throws -> [Int] {
        let latents = selection.latents(of: try graph.codes(above: node).shape(in: graph).latents)
        return share.map { share in latents.filter { share.owns($0) } } ?? latents
    }

    /// The tokenizer by which the windows of a node are read.
    func tokenizer(above node: Node) throws -> Tokenizer {
        try graph.weights.tokenizer(graph.subject(above: node))
    }

    /// The terms of that tokenizer's tokens.
    func vocabulary(above node: Node) throws -> LexicalVocabulary {
        try library.vocabulary(of: graph.subject(above: node))
    }

    /// The token that contexts of the node's evidence begin with; `nil` for none.
    func bos(above node: Node) throws -> UInt32? { try graph.weights.bos(of: graph.subject(above: node)) }

    /// What latents promote, of the coder that a node descends from; `nil` if no head or no direction is at hand.
    func promotion(above node: Node) throws -> TokenPromotion? {
        try graph.promotion(of: try graph.codes(above: node))
    }

    /// The values that an explain node works with.
    func explaining(_ fields: ExplainFields, timers: StageTimers) throws -> ExplainContext {
        let share = try graph.shares(of: options.role, above: fields.node)
        var explaining = ExplainContext(
            node: fields.node.id, latents: try latents(fields.latents, of: fields.node, in: share),
            minimumExamples: fields.minimumExamples, waitsForDrain: fields.waitsForDrain, seed: fields.seed,
            lineage: lineage, jobStore: jobStore, compute: compute, width: options.cores, stop: stop, timers: timers)
        if case .firing(let count) = fields.latents { explaining.limit = count }
        if let share { explaining.isElsewhere = { !share.owns($0) } }
        return explaining
    }

    /// What the store holds of a kind, read until the daemon is asked to stop; blocks.
    ///
    /// - Throws: `CancellationError` if it was, after which there is nothing to build.
    func stored<Value>(
        _ read: (any ResultKeeper, _ goesOn: @Sendable () -> Bool) throws -> [Value]?
    ) throws -> [Value] {
        guard let values = try read(jobStore.results, { [stop] in !stop.isRaised }) else { throw CancellationError() }
        return values
    }

    /// Restores the current explanations of an explain node; blocks.
    ///
    /// - Throws: `CancellationError` if the daemon was asked to stop before it has read all.
    func restore(explainer node: Node, _ rule: ReexplanationRule) throws {
        let explanations = try stored { try $0.explanations(of: node.id, while: $1) }
        let choices = try stored { try $0.choices(of: node.id, while: $1) }.map(\.choice)
        let pinned = try jobStore.results.pins(of: node.id)
        lineage.with {
            $0.restore(
                explainer: node.id, rule: rule, explanations: explanations, choices: choices, pinned: pinned)
        }
    }
}
