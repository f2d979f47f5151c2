import Evidence
package import Topology

extension CostModel {
    /// Reads a topology's nodes; what its files tell is in `facts`.
    ///
    /// - Throws: `PlanningError` for a node whose cost cannot be told.
    package init(of topology: Topology, facts: TopologyFacts, question: PlanQuestion) throws(PlanningError) {
        let edges = TopologyEdges(topology)
        name = topology.name
        tokens = question.tokens
        (machines, cores) = (question.machines, question.cores)
        checkpointSeconds = Double(max(1, topology.state.checkpointMilliseconds)) / 1000
        rates = question.rates
        corePrice = question.corePrice
        memoryBudget = Double(topology.state.memoryBytes)
        holding = facts.holding
        sources = topology.nodes.filter { $0.kind == .source }.map(Source.init)
        passes = topology.nodes.compactMap { facts.passes[$0.id] }
        encoding = topology.nodes.reduce(0) { $0 + (facts.coders[$1.id]?.encoding ?? 0) }
        publishes = topology.nodes.contains { $0.kind == .sink }
        var reservoirs: [Sampler] = []
        for node in topology.nodes where node.schema.output == .evidence {
            reservoirs.append(try Sampler(node, edges: edges, facts: facts, shards: topology.shuffle?.shards))
        }
        self.reservoirs = reservoirs
        let windows = Dictionary(reservoirs.map { ($0.id, $0.settings.window) }) { first, _ in first }
        jobs = topology.topologicalOrder.compactMap { Jobs($0, topology, edges, windows, facts) }
        let asked = Set(jobs.flatMap { [$0.model, $0.subject].compactMap(\.self) })
        models = Dictionary(asked.map { ($0, Model($0, topology.models[$0], facts)) }) { first, _ in first }
    }
}

/// The nodes above others in a topology.
package struct TopologyEdges: Sendable {
    private let nodes: [String: Node]

    /// Takes a topology's edges.
    package init(_ topology: Topology) {
        nodes = Dictionary(topology.nodes.map { ($0.id, $0) }) { first, _ in first }
    }

    /// The nearest nodes above one that give a type, each once, by name.
    package func nearest(giving type: EdgeType, above node: Node) -> [Node] {
        var (found, seen, open) = ([String: Node](), Set<String>(), node.inputs.map(\.node))
        while let id = open.popLast() {
            guard seen.insert(id).inserted, let input = nodes[id] else { continue }
            if input.schema.output == type {
                found[id] = input
            } else {
                open += input.inputs.map(\.node)
            }
        }
        return found.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The longest context that reaches a node, in tokens; what is usual where contexts were cut elsewhere.
    package func contextLength(above node: Node) -> Int {
        nearest(giving: .contexts, above: node).compactMap { $0.texts["context"].flatMap(Int.init) }.max()
            ?? Self.usualContext
    }

    private static let usualContext = 256
}

extension CostModel.Source {
    /// The bytes of a token of usual text in a line of JSON: 6,033,306 bytes for 1,478,874 tokens of the bundled corpus.
    static let textBytes = 4.08

    init(_ node: Node) {
        let texts = node.texts
        let number = { (field: String) in texts[field].flatMap(Double.init) ?? 0 }
        // Bytes of records: docs/records.md, with values as f32, which is the most.
        if node.schema.output == .activations {
            (bytesPerToken, isText) = (PlanFigure(4 + 4 * number("width"), .bound), false)
        } else if node.schema.output == .codes {
            (bytesPerToken, isText) = (PlanFigure(6 + 8 * number("k"), .assumed), false)
        } else if texts["format"] == "tokens" {
            (bytesPerToken, isText) = (PlanFigure(4, .bound), false)
        } else {
            (bytesPerToken, isText) = (PlanFigure(Self.textBytes, .assumed), true)
        }
    }
}

extension CostModel.Sampler {
    init(_ node: Node, edges: TopologyEdges, facts: TopologyFacts, shards: Int?) throws(PlanningError) {
        guard let giver = edges.nearest(giving: .codes, above: node).first, let codes = facts.coders[giver.id] else {
            throw .unknownCodes(node: node.id)
        }
        let texts = node.texts
        let number = { (field: String) in texts[field].flatMap(Int.init) ?? 0 }
        do {
            settings = try ReservoirSettings(
                window: number("window"), sample: number("sample"), top: number("top"), pool: number("pool"),
                recent: number("recent"), seed: 0)
        } catch {
            throw .settings(node: node.id, reason: "\(error)")
        }
        id = node.id
        self.codes = codes
        contextLength = edges.contextLength(above: node)
        rates = facts.rates[node.id] ?? .usual
        lowered = facts.samples[node.id]
        self.shards = shards
    }
}

extension CostModel.Model {
    fileprivate init(_ name: String, _ entry: ModelEntry?, _ facts: TopologyFacts) {
        self.name = name
        guard case .openAI(let endpoint)? = entry else {
            (isServed, work, prices, isBatched) = (false, facts.models[name], nil, false)
            return
        }
        isServed = true
        (work, prices, isBatched) = (nil, endpoint.prices, endpoint.batches != nil)
    }
}
