import Topology

extension CostModel.Jobs {
    /// Reads an explain or score node; `nil` for another one.
    init?(
        _ node: Node, _ topology: Topology, _ edges: TopologyEdges, _ windows: [String: Int], _ facts: TopologyFacts
    ) {
        guard let variant = node.schema.variant?.value,
            node.schema.output == .explanations || node.schema.output == .scores,
            let reservoir = edges.nearest(giving: .evidence, above: node).first
        else { return nil }
        let texts = node.texts
        let number = { (field: String) in texts[field].flatMap(Double.init) }
        id = node.id
        self.variant = variant
        explains = node.schema.output == .explanations
        self.reservoir = reservoir.id
        explainers = explains ? [] : edges.nearest(giving: .explanations, above: node).map(\.id)
        // A node without the field keeps what persons give, and takes no latent by itself.
        let chooses = node.schema.fields.contains { $0.name == "latents" }
        latents = chooses ? (try? node[Field.latents("latents", "")]) ?? .all : .list([])
        minimum = max(1, number("minimum_examples") ?? 1)
        let asked = texts["model"]
        model = asked
        // A method that asks no model makes a control of every explanation.
        controls = number("controls")
        waits = texts["when"] == "drained"
        growth = (explains ? number("regrowth") : number("rescore")) ?? 0
        drifts = explains && texts["drift"] == "true"
        subject =
            edges.nearest(giving: .activations, above: reservoir).first { facts.passes[$0.id] != nil }?
            .texts["model"]
        seconds = facts.seconds[node.id] ?? 0
        let isInProcess = asked.map { name in
            if case .openAI? = topology.models[name] { false } else { true }
        }
        guard asked != nil, let kind = JobCosts.named(variant) else {
            (tokens, controlTokens) = (JobTokens(), JobTokens())
            embeds = asked == nil ? nil : number("examples")
            keepsVerdicts = false
            return
        }
        let settings = AskedSettings(node, window: windows[reservoir.id] ?? 0, isInProcess: isInProcess ?? true)
        tokens = kind.tokens(settings)
        controlTokens = kind.controlTokens(settings)
        embeds = nil
        keepsVerdicts = kind.keepsVerdicts
    }
}
