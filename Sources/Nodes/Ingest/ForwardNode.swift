import Dataflow
import Elements
import LanguageModels
import Observability
import RecordReading
import Running
import Stages
import Topology

/// Runs the subject model.
struct ForwardNode: CarriesBarriers, RunsSubject {
    private static let model = Field.required("model", .model, "The subject model.")
    private static let hookpoints = Field.requiredList(
        "hookpoints", of: .hookpoint, "Where activations are taken, such as `layers.10`.")
    private static let workers = Field.optionalInteger(
        "workers", 1...512, "Threads, one BLAS thread each; by default one per core.")
    private static let batch = Field.integer(
        "batch", 64...1_048_576, default: 4096,
        "The most tokens worked on together by one worker; fewer if they take longer than half a second, encoding included."
    )
    /// How long a batch may take, if it is more than one context.
    private static let batchTime = Duration.milliseconds(500)

    static let schema = NodeSchema(
        kind: .stage, type: "forward", inputs: [.contexts], output: .activations,
        fields: [model.schema, hookpoints.schema, workers.schema, batch.schema],
        documentation: "Runs the model up to the deepest hookpoint asked for.")

    let node: Node
    let model: String
    let hookpoints: [String]
    private let workers: Int?
    private let batch: Int

    var models: [ModelUse] { [node.use(Self.model, model)] }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        model = try node[Self.model]
        hookpoints = try node[Self.hookpoints]
        workers = try node[Self.workers]
        batch = try node[Self.batch]
    }

    func check(in graph: Graph, into findings: inout NodeFindings) {
        let use = node.use(Self.model, model)
        guard graph.checkFile(of: use, needing: "weights", by: node, into: &findings) else { return }
        guard let subject = graph.weights.soundModel(model) else { return }
        for (index, hookpoint) in hookpoints.enumerated() {
            do {
                _ = try subject.width(at: subject.hookpoint(named: hookpoint))
            } catch {
                findings.report(
                    .missingHookpoint, node.mark(of: Self.hookpoints, element: index), "\(id): \(error)")
            }
        }
    }

    func identify(into identity: inout StateIdentity, in graph: Graph) throws {
        // Neither `workers` nor `batch` changes an activation.
        identity.add(Self.schema.type)
        identity.add(Self.hookpoints, hookpoints.joined(separator: ","))
        try identity.add(Self.model, model: model, in: graph)
    }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        let model = try context.graph.weights.model(model)
        let points = hookpoints.compactMap(Hookpoint.init)
        let workers = workers ?? context.options.cores
        let (mode, progress, intake, backlog) = (context.batchMode, context.progress, context.intake, context.backlog)
        // Half the least that the field takes: measured rates begin with a context or two.
        let pace = SharedPace(target: Self.batchTime, bounds: 32...batch, workers: workers)
        let together = TeamPass(cores: SpareCores(name: id, cores: workers, permits: context.permits)) { cores in
            try ForwardPass(model: model, hookpoints: points, mode: mode, team: cores.team)
        }
        let pool = ComputePool(name: id, threads: workers, permits: context.permits) {
            ForwardWorker(
                pass: try ForwardPass(model: model, hookpoints: points, mode: mode), together: together, pace: pace)
        }
        let stage = TransformStage<ContextBatch, ActivationBatch, ForwardWorker>(
            pool: pool, width: workers, timers: timers,
            grouping: TokenRegrouping { pace.batch(later: backlog?.secondsPerToken ?? 0) }, isAlone: pace.shares
        ) { worker, batch, isAlone in
            let result = try worker.activations(of: batch, isShared: isAlone) { intake?.over.isRaised == true }
            if result != nil { progress.forwarded(tokens: batch.tokenCount) }
            return result
        }
        guard let intake, let backlog else { return pipeline.ingest(node, stage, timers) }
        pipeline.ingest(
            node,
            BarrierCut(
                node: id, work: stage, intake: intake, backlog: backlog, coordinator: context.coordinator,
                stop: context.stop, endsWhenDrained: context.options.untilDrained, clock: context.options.clock),
            timers)
    }
}
