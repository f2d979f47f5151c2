import Inference
import LanguageModels
import Running
import Stages
import Tokenization
import Topology

extension NodeContext {
    /// The fault of a node that needs the subject and has none.
    static func noSubject(_ id: String) -> String { "\(id) descends from no forward node, so it has no subject" }

    /// The subject model and the coder above a node, at the hookpoint of the coder; with `onlyAdds` transcoders will do, too.
    ///
    /// - Throws: `DaemonError` if there is no subject, or if the coder's latents cannot be changed inside it.
    func steeredModel(above node: Node, onlyAdds: Bool = false) throws -> SteeredModel {
        let codes = try graph.codes(above: node)
        guard let forward = graph.first((any RunsSubject).self, above: codes.node) else {
            throw DaemonError(.configuration, Self.noSubject(node.id))
        }
        let model = try library.subject(forward.model)
        let tokenizer = try graph.weights.tokenizer(forward.model)
        return try SteeredModel(
            model: model, coder: try codes.coder(in: graph),
            hookpoint: try model.model.hookpoint(named: codes.hookpoint), bos: try bos(above: node),
            stops: Set([tokenizer.endOfSequence].compactMap(\.self)), onlyAdds: onlyAdds)
    }
}
