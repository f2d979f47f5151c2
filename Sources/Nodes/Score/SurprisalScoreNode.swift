import Dataflow
import Lineage
import Scoring
import Stages
import Topology

/// Measures how much less surprising held-out windows are after an explanation.
struct SurprisalScoreNode: AsksJudge {
    static var scoring: any ScoringMethod.Type { SurprisalScorer.self }

    private static let model = Field.required("model", .model, "The model that reads. \(CommonFields.readsTexts)")

    static let schema = NodeSchema(
        kind: .stage, type: "score", variant: NodeSchema.Variant(field: "method", value: method),
        inputs: [.explanations], output: .scores,
        fields: [
            model.schema, CommonFields.latents.schema, CommonFields.overlap.schema, CommonFields.examples.schema,
            CommonFields.shuffles.schema, CommonFields.concurrency.schema, CommonFields.priority.schema,
            CommonFields.seed.schema,
        ] + RoundFields.judged.fields,
        documentation: """
            The area under the ROC curve of how much more likely a model finds held-out windows, every token counted, \
            after the explanation than after a description of nothing.
            """)

    let node: Node
    let asked: AskedFields
    private let model: String
    private let rounds: RoundRule
    private var settings = SurprisalSettings()

    var models: [ModelUse] { [node.use(Self.model, model, for: .reading(.text))] }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        asked = try AskedFields(node, controls: CommonFields.shuffles)
        model = try node[Self.model]
        rounds = try RoundFields.judged.rule(of: node)
        settings.positives = try node[CommonFields.examples]
        settings.negatives = settings.positives
    }

    func check(in graph: Graph, into findings: inout NodeFindings) {
        graph.checkEvidence(above: node, into: &findings)
    }

    func memory(_ shape: ScoringMemory) -> Double { shape.judging(self, windows: settings.positives) }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        let judge = try context.library.judge(model)
        let work = try context.work(
            by: SurprisalScorer.self, settings, of: self, judge: judge, concurrency: context.library.calls(to: model))
        let stage = try context.stage(
            self, judge: judge, work: work, rounds: rounds, windows: settings.positives, timers: timers)
        pipeline.judge(node, stage, timers)
    }
}
