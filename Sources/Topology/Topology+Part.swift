extension Topology {
    /// The nodes that give what a node gives, with a state of their own, without a server and sinks; `nil` if there is no such node.
    public func part(giving id: String, stateDirectory: String) -> Topology? {
        guard node(id) != nil else { return nil }
        var kept: Set<String> = []
        var open = [id]
        while let next = open.popLast() {
            guard kept.insert(next).inserted else { continue }
            open += node(next)?.inputs.map(\.node) ?? []
        }
        let nodes = nodes.filter { kept.contains($0.id) }
        let places = Dictionary(nodes.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        let header = TopologyHeader(
            version: version, name: name, nameMark: nameMark,
            state: StateSettings(
                directory: stateDirectory, checkpointMilliseconds: state.checkpointMilliseconds,
                memoryBytes: state.memoryBytes),
            http: nil, budget: budget, marks: marks)
        return Topology(
            header: header, models: models, nodes: nodes, order: topologicalOrder.compactMap { places[$0.id] })
    }

    /// The same with another state directory, such as that of one of several processes.
    public func with(stateDirectory: String) -> Topology {
        let places = Dictionary(nodes.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        let header = TopologyHeader(
            version: version, name: name, nameMark: nameMark,
            state: StateSettings(
                directory: stateDirectory, checkpointMilliseconds: state.checkpointMilliseconds,
                memoryBytes: state.memoryBytes),
            http: httpSettings, budget: budget, shuffle: shuffle, marks: marks)
        return Topology(
            header: header, models: models, nodes: nodes, order: topologicalOrder.compactMap { places[$0.id] })
    }
}
