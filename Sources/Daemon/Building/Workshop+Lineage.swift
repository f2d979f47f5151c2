import Dataflow
import Elements
import Lineage
import Scoring
import Store
import Topology

extension Workshop {
    /// Restores what stands of the explanations of an explain node; blocks.
    func restore(explainer node: Node) throws {
        let rule = ReexplanationRule(regrowth: node.integer("regrowth") ?? 4, drift: node.boolean("drift") ?? true)
        let explanations = try store.explanations(of: node.id)
        let choices = try store.choices(of: node.id).map(\.choice)
        lineage.with { $0.restore(explainer: node.id, rule: rule, explanations: explanations, choices: choices) }
    }

    /// Restores what a score node has scored and has a part in; blocks.
    ///
    /// From then on the node is one that is waited for before an explanation is replaced.
    func restore(scorer settings: ScoreNodeSettings, of node: Node) throws {
        let scores = try store.scores(of: node.id)
        let inputs = node.inputs.map(\.node)
        lineage.with { $0.restore(scorer: settings, reading: inputs, scores: scores) }
    }

    /// What decides on what a score node scores.
    func scoreSettings(
        _ node: Node, topic: ScoringTopic = .explanations, rounds: RoundRule
    ) throws -> ScoreNodeSettings {
        var settings = ScoreNodeSettings(
            node: node.id, latents: Set(try latents(node)), seed: seed(node), control: topic.control)
        settings.rounds = rounds
        settings.pairing = topic.pairing
        settings.scoresExplanations = topic.compares
        // What intruders say of a latent is no fault of its explanation.
        settings.noticesDrift = node.schema.variant?.value != IntruderScorer.method
        return settings
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

extension ScoringTopic {
    /// How controls of this topic are made.
    var pairing: ControlPairing {
        switch self {
        case .explanations: .explanations
        case .effects: .latents
        case .latents: .itself
        }
    }
}
