import Dataflow
import Elements
import Evidence
import Running
import Stages
import Topology

/// Samples evidence.
struct ReservoirNode: Samples {
    private static let window = Field.integer("window", 4...256, default: 32, "Tokens of a window.")
    private static let sample = Field.integer(
        "sample", 2...65_536, default: 256, "Windows sampled per latent, half on each side.")
    private static let top = Field.integer(
        "top", 0...4096, default: 16, "Train windows with the largest peaks kept per latent.")
    private static let pool = Field.integer(
        "pool", 0...1_048_576, default: 16_384, "Windows in the pool of negatives.")
    private static let recent = Field.integer(
        "recent", 0...4096, default: 32, "Fresh test windows kept per latent and day.")
    private static let seed = Field.seed("The seed of every hash.")

    static let schema = NodeSchema(
        kind: .stage, type: "reservoir", inputs: [.codes], maximumInputs: 1, output: .evidence,
        fields: [window.schema, sample.schema, top.schema, pool.schema, recent.schema, seed.schema],
        documentation: "Keeps a bounded, mergeable sample of windows per latent, and counts over every token.")

    let node: Node
    private let window, sample, top, pool, recent: Int
    private let seed: UInt64

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        window = try node[Self.window]
        sample = try node[Self.sample]
        top = try node[Self.top]
        pool = try node[Self.pool]
        recent = try node[Self.recent]
        seed = try node[Self.seed]
    }

    func plan(in graph: Graph) throws -> ReservoirPlan {
        ReservoirPlan(
            settings: try ReservoirSettings(
                window: window, sample: sample, top: top, pool: pool, recent: recent, seed: seed),
            // The output of a source of codes is not cut here.
            contextLength: graph.nearest((any CutsContexts).self, above: node).map(\.contextLength).max()
                ?? TokenizeNode.usualLength)
    }

    func identify(into identity: inout StateIdentity, in graph: Graph) throws {
        identity.add(Self.schema.type)
        identity.add(Self.pool, pool)
        identity.add(Self.recent, recent)
        identity.add(Self.sample, sample)
        identity.add(Self.seed, seed)
        identity.add(Self.top, top)
        identity.add(Self.window, window)
    }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        let settings = try plan(in: context.graph).settings
        let identity = try context.graph.codes(above: node).coderIdentity(in: context.graph)
        let (state, id, options, stop) = (context.state, id, context.options, context.stop)
        if options.role.isIngest {
            return try buildCombiner(settings, identity, context, into: pipeline, timers: timers)
        }
        let budget = pipeline.sampleBudgets[id]
        let shares = try options.role.owned.map { (owned: $0, agreed: try context.graph.shuffleIdentity()) }
        let share = shares.map { sharing($0.owned, $0.agreed, identity, context) }
        let cores = SpareCores(name: id, cores: options.cores, permits: context.permits)
        let pool = ComputePool<ReservoirWorker>(name: id, threads: 1) {
            let worker = try cores.help { sharing in
                try ReservoirWorker(
                    settings: settings, coder: identity, node: id, state: state, budget: budget, sharing: sharing,
                    today: EventDay.number(ofMilliseconds: options.now()),
                    onLaterDay: { day in
                        options.warning(
                            id,
                            "the evidence named \(EventDay.text(day)) as its latest day, which has not begun: its "
                                + "windows count as today's, so that new records are recent again")
                    }, until: stop)
            }
            try share?(worker)
            return worker
        }
        pipeline.restore { try await pool.run { _ in } }
        if let (owned, agreed) = shares {
            return try buildShards(owned, agreed, pool: pool, cores, context, into: pipeline, timers: timers)
        }
        let stage = ReservoirStage(
            node: id, pool: pool, state: state, coordinator: context.coordinator,
            progress: context.progress, latestEvidence: context.latestEvidence, timers: timers, foldAbove: 64,
            cores: cores, notice: context.options.notice)
        pipeline.sample(node, stage, timers) { budget in try await pool.run { $0.budget = budget } }
    }
}
