import Dataflow
import Scoring
import Topology

/// Asks a judge whether marks are on the tokens that an explanation describes.
struct FuzzingScoreNode: AsksVerdicts {
    static var scoring: any ScoringMethod.Type { Fuzzing.self }
    static var verdicts: JudgedMethod { .fuzzing }

    static let schema = NodeSchema(
        kind: .stage, type: "score", variant: NodeSchema.Variant(field: "method", value: method),
        inputs: [.explanations, .scores], output: .scores, fields: JudgedFields.fields,
        documentation: "Asks a judge whether the marked tokens of a held-out window are those the explanation names.")

    let node: Node
    let judged: JudgedFields

    // Windows of each positive's length are needed.
    var tierWindows: Int { 4 * judged.examples }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        judged = try JudgedFields(node)
    }
}
