import Dataflow
import Elements
import Lineage
import Scoring
import Stages
import Topology

/// Has a model predict the activations of held-out windows.
struct SimulationScoreNode: AsksJudge {
    static var scoring: any ScoringMethod.Type { SimulationScorer.self }

    private static let model = Field.required(
        "model", .model, "The model that tells activations. \(CommonFields.readsTexts)")
    private static let scale = Field.integer(
        "scale", 9...10, default: 10,
        "The largest value it may give a token; 9 for a model on a server that writes 10 in two tokens.")

    static let schema = NodeSchema(
        kind: .stage, type: "score", variant: NodeSchema.Variant(field: "method", value: method),
        inputs: [.explanations], output: .scores,
        fields: [
            model.schema, CommonFields.latents.schema, CommonFields.overlap.schema, CommonFields.examples.schema,
            scale.schema, CommonFields.shuffles.schema, CommonFields.concurrency.schema, CommonFields.priority.schema,
            CommonFields.seed.schema,
        ] + RoundFields.judged.fields,
        documentation: """
            Has a model tell the activation of every token of held-out windows from the explanation, by \
            log-probabilities and all tokens of a window at once; the score is Pearson's correlation with the true \
            ones, and chance is 0.
            """)

    let node: Node
    let asked: AskedFields
    private let model: String
    private let rounds: RoundRule
    private var settings = SimulationSettings()

    var models: [ModelUse] { [node.use(Self.model, model, for: .reading(.values(scale: settings.scale)))] }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        asked = try AskedFields(node, controls: CommonFields.shuffles)
        model = try node[Self.model]
        rounds = try RoundFields.judged.rule(of: node)
        settings.positives = try node[CommonFields.examples]
        settings.negatives = settings.positives
        settings.scale = try node[Self.scale]
    }

    func check(in graph: Graph, into findings: inout NodeFindings) {
        graph.checkEvidence(above: node, into: &findings)
    }

    func memory(_ shape: ScoringMemory) -> Double { shape.judging(self, windows: settings.positives) }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        let judge = try context.library.judge(model)
        let work = try context.work(
            by: SimulationScorer.self, settings, of: self, judge: judge, concurrency: context.library.calls(to: model))
        let stage = try context.stage(
            self, judge: judge, work: work, rounds: rounds, windows: settings.positives, timers: timers)
        pipeline.judge(node, stage, timers)
    }
}
