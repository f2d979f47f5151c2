import Dataflow
import Scoring
import Topology

/// Asks a judge which held-out windows an explanation fits.
struct DetectionScoreNode: AsksVerdicts {
    static var scoring: any ScoringMethod.Type { Detection.self }
    static var verdicts: JudgedMethod { .detection }

    static let schema = NodeSchema(
        kind: .stage, type: "score", variant: NodeSchema.Variant(field: "method", value: method),
        inputs: [.explanations, .scores], output: .scores, fields: JudgedFields.fields(controls: CommonFields.shuffles),
        documentation: "Asks a judge which held-out windows the explanation fits; marks are not shown.")

    let node: Node
    let judged: JudgedFields

    var tierWindows: Int { judged.examples }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        judged = try JudgedFields(node, controls: CommonFields.shuffles)
    }
}
