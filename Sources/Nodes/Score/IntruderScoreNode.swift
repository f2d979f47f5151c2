import Dataflow
import Inference
import Lineage
import Scoring
import Stages
import Topology

/// Asks a judge which of some windows does not belong, whatever was explained.
struct IntruderScoreNode: AsksJudge {
    static var scoring: any ScoringMethod.Type { IntruderScorer.self }

    private static let model = Field.required("model", .model, "The judge.")
    private static let trials = Field.integer("trials", 1...4096, default: 30, "The most trials of a latent.")
    private static let windows = Field.integer(
        "windows", 2...9, default: 5,
        """
        Held-out windows shown in one trial: one in which the latent is silent, and others of one tenth by strength.
        """)
    /// The form of answers; `nil` for the one that the model prefers.
    private static let form = Field<AnswerForm?>.choice(
        "answers", among: ["auto", "text", "probabilities"], default: "auto",
        """
        A number as text, or the log-probabilities of the numbers; `auto` takes log-probabilities of a model in this \
        process and text of a server.
        """
    ) { word in
        switch word {
        case "text": .some(.list)
        case "probabilities": .some(.logProbabilities)
        default: .some(nil)
        }
    }
    private static let controls = CommonFields.controls("trials of silent windows alone are judged too")

    static let schema = NodeSchema(
        kind: .stage, type: "score", variant: NodeSchema.Variant(field: "method", value: method),
        inputs: [.explanations], output: .scores,
        fields: [
            model.schema, CommonFields.latents.schema, CommonFields.overlap.schema, trials.schema, windows.schema,
            form.schema, controls.schema, CommonFields.concurrency.schema, CommonFields.priority.schema,
            CommonFields.seed.schema,
        ] + RoundFields.judged.fields,
        documentation: """
            Asks a judge which of some marked windows does not belong to the others; no explanation is shown, so it \
            goes with `explainer: none` too. Chance is one divided by the number of windows.
            """)

    let node: Node
    let asked: AskedFields
    private let model: String
    private let trials: Int
    private let windows: Int
    private let form: AnswerForm?
    private let rounds: RoundRule

    var models: [ModelUse] { [node.use(Self.model, model)] }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        asked = try AskedFields(node, controls: Self.controls)
        model = try node[Self.model]
        trials = try node[Self.trials]
        windows = try node[Self.windows]
        form = try node[Self.form]
        rounds = try RoundFields.judged.rule(of: node)
    }

    func check(in graph: Graph, into findings: inout NodeFindings) {
        graph.checkEvidence(above: node, into: &findings)
    }

    func memory(_ shape: ScoringMemory) -> Double { shape.judging(self, windows: trials * windows) }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        let judge = try context.library.judge(model)
        var settings = IntruderSettings(form: form ?? (judge.prefersLogProbabilities ? .logProbabilities : .list))
        settings.trials = trials
        settings.windows = windows
        let work = try context.work(
            by: IntruderScorer.self, settings, of: self, judge: judge, concurrency: context.library.calls(to: model))
        let stage = try context.stage(
            self, judge: judge, work: work, rounds: rounds, windows: trials * windows,
            jobs: context.library.jobs(asking: model, asked.concurrency), timers: timers)
        pipeline.judge(node, stage, timers)
    }
}
