import Dataflow
import Explaining
import Scoring
import Store
import Topology

extension Workshop {
    /// What stands of the explanations of an explain node, as it was stored; blocks.
    func succession(_ node: Node) throws -> Succession {
        let rule = AgainRule(regrowth: node.integer("regrowth") ?? 4, drift: node.boolean("drift") ?? true)
        let succession = try Succession(of: node.id, rule: rule, store: store)
        successions[node.id] = succession
        return succession
    }

    /// A score node's part in the successions of the explain nodes that it reads, as it was stored; blocks.
    ///
    /// Having one makes the node one that is waited for before an explanation is replaced.
    func desk(of node: Node) throws -> ContestDesk {
        let latents = Set(try latents(node))
        for input in node.inputs { successions[input.node]?.with { $0.register(node.id, latents: latents) } }
        return ContestDesk(node: node.id, successions: successions, scores: try store.scores(of: node.id))
    }

    /// When a score node scores an explanation again.
    func rounds(_ node: Node, growth: Int, recent: Bool) -> RoundRule {
        // A method without the fields is not scored again.
        guard node.schema.fields.contains(where: { $0.name == "rescore" }) else {
            return RoundRule(rescore: 0, recent: false)
        }
        return RoundRule(rescore: node.integer("rescore") ?? growth, recent: node.boolean("recent") ?? recent)
    }
}
