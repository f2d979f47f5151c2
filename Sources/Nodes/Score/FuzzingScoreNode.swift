import Dataflow
import Scoring
import Topology

/// Asks a judge whether marks are on the tokens that an explanation describes.
struct FuzzingScoreNode: AsksVerdicts {
    static var scoring: any ScoringMethod.Type { Fuzzing.self }
    static var verdicts: JudgedMethod { .fuzzing }

    // What marks give away without the explanation shows only here, so that it must be told from .5.
    private static let controls = CommonFields.shuffles(default: 50)

    static let schema = NodeSchema(
        kind: .stage, type: "score", variant: NodeSchema.Variant(field: "method", value: method),
        inputs: [.explanations, .scores], output: .scores, fields: JudgedFields.fields(controls: controls),
        documentation: "Asks a judge whether the marked tokens of a held-out window are those the explanation names.")

    let node: Node
    let judged: JudgedFields

    // Windows of each positive's length are needed.
    var tierWindows: Int { 4 * judged.examples }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        judged = try JudgedFields(node, controls: Self.controls)
    }
}
