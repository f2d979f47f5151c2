import Dataflow
import Scoring
import Topology

extension ReadingQuestion {
    /// What a node asks its model about given texts, and the field that names the model it asks; `nil` for a node that reads
    /// no given texts.
    static func asked(by node: Node) -> (question: ReadingQuestion, field: String)? {
        guard node.schema.type == "score", let method = ScoringMethods.named(node.schema.variant?.value ?? ""),
            let question = method.needs.question(scale: node.integer("scale") ?? 10)
        else { return nil }
        return (question, node.string("scorer") == nil ? "model" : "scorer")
    }
}
