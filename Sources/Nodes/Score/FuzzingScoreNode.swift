import Dataflow
import Evidence
import Scoring
import Topology

/// Asks a judge whether marks are on the tokens that an explanation describes.
struct FuzzingScoreNode: AsksJudge {
    static var scoring: any ScoringMethod.Type { Fuzzing.self }

    static let schema = NodeSchema(
        kind: .stage, type: "score", variant: NodeSchema.Variant(field: "method", value: method),
        inputs: [.explanations, .scores], output: .scores, fields: JudgedFields.fields,
        documentation: "Asks a judge whether the marked tokens of a held-out window are those the explanation names.")

    let node: Node
    private let judged: JudgedFields

    var asked: AskedFields { judged.asked }
    var negatives: NegativeTierFields? { judged.negatives }
    var cascade: CascadeFields? { judged.cascade }
    var models: [ModelUse] { judged.models }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        judged = try JudgedFields(node)
    }

    func check(in graph: Graph, into findings: inout NodeFindings) {
        judged.check(in: graph, into: &findings)
    }

    func memory(_ shape: ScoringMemory) -> Double { shape.judging(self, windows: judged.examples) }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        let judge = try context.library.judge(judged.model)
        let work = try judged.work(.fuzzing, judge: judge, context)
        // Windows of each positive's length are needed.
        let stage = try context.stage(
            self, judge: judge, work: work, rounds: judged.rounds, windows: 4 * judged.examples, timers: timers)
        pipeline.judge(node, stage, timers)
    }
}
