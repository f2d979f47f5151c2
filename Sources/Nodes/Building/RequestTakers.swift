import Elements
import Store
import Topology

/// The nodes that do what persons ask for, kept for whoever takes their wishes in.
enum RequestTakers {
    /// Records what each explain and score node of a graph may be asked for; opens coders, so it blocks.
    ///
    /// - Returns: The nodes.
    static func note(in graph: Graph, notes: any NoteKeeper) throws -> [RequestTaker] {
        let explainers = graph.all((any Explains).self)
        var takers = try explainers.filter { !$0.requests.isEmpty }.map {
            try taker($0, of: $0.requests, explainers: [$0.id], in: graph)
        }
        takers += try graph.all((any Scores).self).map { scorer in
            let read = explainers.map(\.id).filter { id in scorer.node.inputs.contains { $0.node == id } }
            return try taker(scorer, of: [.rescore], explainers: read, in: graph)
        }
        try RequestTaker.write(takers, to: notes)
        return takers
    }

    private static func taker(
        _ definition: any TakesLatents, of kinds: [LatentRequest.Kind], explainers: [String], in graph: Graph
    ) throws -> RequestTaker {
        let coder = try graph.codes(above: definition.node).coderIdentity(in: graph)
        return RequestTaker(
            node: definition.id, kinds: kinds, coder: coder.name, latents: coder.latents, explainers: explainers)
    }
}
