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
        return with(
            nodes.filter { kept.contains($0.id) }, stateDirectory: stateDirectory, http: nil, shuffle: nil)
    }

    /// The same with another state directory, such as that of one of several processes.
    public func with(stateDirectory: String) -> Topology {
        with(nodes, stateDirectory: stateDirectory, http: httpSettings, shuffle: shuffle)
    }

    private func with(
        _ nodes: [Node], stateDirectory: String, http: HTTPSettings?, shuffle: ShuffleSettings?
    ) -> Topology {
        let places = Dictionary(nodes.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        let header = TopologyHeader(
            version: version, name: name, nameMark: nameMark,
            state: StateSettings(
                directory: stateDirectory, checkpointMilliseconds: state.checkpointMilliseconds,
                memoryBytes: state.memoryBytes),
            http: http, budget: budget, shuffle: shuffle, marks: marks)
        return Topology(
            header: header, models: models, nodes: nodes, order: topologicalOrder.compactMap { places[$0.id] })
    }
}
