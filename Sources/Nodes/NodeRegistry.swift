package import Topology

/// Every kind of node that this build knows, in the order of the reference page.
package enum NodeRegistry {
    /// The kinds.
    static let all: [any NodeDefinition.Type] = [
        KafkaSourceNode.self,
        FileSourceNode.self,
        StandardInputNode.self,
        ActivationsSourceNode<KafkaTransport>.self,
        ActivationsSourceNode<FileTransport>.self,
        CodesSourceNode<KafkaTransport>.self,
        CodesSourceNode<FileTransport>.self,
        DelphiCacheNode.self,
        TokenizeNode.self,
        ForwardNode.self,
        EncodeNode.self,
        ReservoirNode.self,
        LexicalExplainNode.self,
        DefaultExplainNode.self,
        ContrastiveExplainNode.self,
        BestOfExplainNode.self,
        OutputExplainNode.self,
        SeveralExplainNode.self,
        LoadedExplainNode.self,
        WrittenExplainNode.self,
        NoExplainNode.self,
        ExecutionScoreNode.self,
        EmbeddingScoreNode.self,
        DetectionScoreNode.self,
        FuzzingScoreNode.self,
        GenerationScoreNode.self,
        InterventionScoreNode.self,
        SimulationScoreNode.self,
        SurprisalScoreNode.self,
        IntruderScoreNode.self,
        KafkaSinkNode.self,
    ]

    /// Their schemas.
    package static let schemas = all.map { $0.schema }

    /// The definition of a node.
    ///
    /// - Throws: `TopologyError.missingField` if its schema is of no known kind, or a field has no value.
    static func definition(of node: Node) throws(TopologyError) -> any NodeDefinition {
        guard let kind = all.first(where: { $0.schema == node.schema }) else {
            throw .missingField(node: node.id, field: "type")
        }
        return try kind.init(node)
    }
}
