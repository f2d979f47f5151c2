package import PipelineSheets
import Running
import Topology

extension Graph {
    /// The nodes and edges as a sheet of which nothing is known but the file; opens nothing.
    ///
    /// - Parameter text: The text of the file, secrets left out here.
    package func pipelineSheet(text: String?) -> PipelineSheet {
        let ordered = topology.topologicalOrder
        let nodes = ordered.map { node in
            PipelineNode(
                id: node.id, kind: PipelineNode.Kind(node.kind), type: node.schema.type,
                variant: node.schema.variant?.value,
                inputs: node.inputs.map { input in input.port.map { "\(input.node).\($0)" } ?? input.node },
                models: models(of: node), hasJobs: [.explanations, .scores].contains(node.schema.output),
                unit: node.schema.output?.unit)
        }
        let edges = ordered.flatMap { node in
            node.inputs.compactMap { input -> PipelineEdge? in
                guard let schema = topology.node(input.node)?.schema,
                    let type = input.port.map({ schema.ports[$0] }) ?? schema.output
                else { return nil }
                return PipelineEdge(
                    from: input.node, port: input.port, to: node.id, carries: type.description, unit: type.unit)
            }
        }
        return PipelineSheet(
            topology: topology.name, digest: "\(topology.digest)", nodes: nodes, edges: edges,
            text: text.map(RedactedText.of))
    }

    private func models(of node: Node) -> [String] {
        let uses = nodes.first { $0.id == node.id }?.models ?? []
        return Set(uses.map(\.name)).sorted()
    }
}

extension PipelineNode.Kind {
    fileprivate init(_ kind: NodeKind) {
        self =
            switch kind {
            case .source: .source
            case .stage: .stage
            case .sink: .sink
            }
    }
}
