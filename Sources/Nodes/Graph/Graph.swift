package import Elements
import Kafka
import LanguageModels
import Running
import SparseCoders
package import Topology

/// A topology with the definitions of its nodes, and the models, tokenizers, coders and caches that they name.
///
/// Files opened for the checks are kept, so that a run opens and hashes nothing twice.
package final class Graph: Sendable {
    /// The file as it was read.
    package let topology: Topology
    /// The definitions, in the order of the file.
    let nodes: [any NodeDefinition]
    /// The things that nodes name, opened once.
    let weights: OpenedFiles
    private let definitions: [String: any NodeDefinition]

    /// Makes a graph; nothing is opened yet.
    ///
    /// Without `keepsWeights` a coder is closed again after each use, to save memory. What another graph has opened of the same
    /// names is shared with it.
    ///
    /// - Throws: `TopologyError.missingField` if the schemas of the topology are not those of the registry.
    package init(
        _ topology: Topology, keepsWeights: Bool = true, sharing other: Graph? = nil
    ) throws(TopologyError) {
        self.topology = topology
        weights = OpenedFiles(topology: topology, keepsCoders: keepsWeights, sharing: other?.weights)
        var definitions: [String: any NodeDefinition] = [:]
        for node in topology.nodes { definitions[node.id] = try NodeRegistry.definition(of: node) }
        self.definitions = definitions
        nodes = topology.nodes.compactMap { definitions[$0.id] }
    }

    /// The definitions, each after all that it reads.
    var inOrder: [any NodeDefinition] { topology.topologicalOrder.compactMap { definitions[$0.id] } }

    /// The nodes with a capability, in the order of the file.
    func all<Capability>(_ type: Capability.Type) -> [Capability] { nodes.compactMap { $0 as? Capability } }

    /// The inputs of a node, in the order in which it names them.
    func inputs(of node: Node) -> [any NodeDefinition] { node.inputs.compactMap { definitions[$0.node] } }

    /// The stages that read the main output of a node.
    func readers(of node: Node) -> [any NodeDefinition] {
        nodes.filter { reader in
            reader.node.kind == .stage && reader.node.inputs.contains { $0.node == node.id && $0.port == nil }
        }
    }

    /// The nearest nodes with a capability that a node is, or descends from, by id.
    func nearest<Capability>(_ type: Capability.Type, above node: Node) -> [Capability] {
        found(type, above: node).sorted { $0.key < $1.key }.map(\.value)
    }

    private func found<Capability>(_ type: Capability.Type, above node: Node) -> [String: Capability] {
        if let match = definitions[node.id] as? Capability { return [node.id: match] }
        return inputs(of: node).reduce(into: [:]) { all, input in
            all.merge(found(type, above: input.node)) { first, _ in first }
        }
    }

    /// The first node with a capability that a node is, or descends from, in the order in which inputs are named.
    func first<Capability>(_ type: Capability.Type, above node: Node) -> Capability? {
        if let match = definitions[node.id] as? Capability { return match }
        for input in inputs(of: node) {
            if let match = first(type, above: input.node) { return match }
        }
        return nil
    }

    /// The one node that gives the codes which a node works on.
    ///
    /// - Throws: `DaemonError` if there is not one.
    func codes(above node: Node) throws -> any GivesCodes {
        try only((any GivesCodes).self, "encode node", above: node)
    }

    /// The one reservoir whose evidence a node works on.
    ///
    /// - Throws: `DaemonError` if there is not one.
    func reservoir(above node: Node) throws -> any Samples {
        try only((any Samples).self, "reservoir", above: node)
    }

    private func only<Capability>(_ type: Capability.Type, _ name: String, above node: Node) throws -> Capability {
        let found = nearest(type, above: node)
        guard let only = found.first, found.count == 1 else {
            throw DaemonError(
                .configuration,
                "\(node.id) must descend from one \(name), not \(found.count): give each a node of its own")
        }
        return only
    }

    /// The name of the model by whose tokenizer the windows of a node are read.
    ///
    /// - Throws: `DaemonError` if there is none.
    func subject(above node: Node) throws -> String {
        guard let names = first((any NamesTokens).self, above: node) else {
            throw DaemonError(.configuration, "\(node.id) descends from no tokenize node, so its tokens have no text")
        }
        return names.model
    }

    /// The nodes whose barriers a checkpoint waits for: reservoirs, and unread nodes on the way to one.
    package var terminals: Set<String> {
        let samplers = all((any Samples).self).map(\.id)
        let unread = all((any CarriesBarriers).self).filter { readers(of: $0.node).isEmpty }.map(\.id)
        return Set(samplers + unread)
    }

    /// The coders that results can be about, in the order of the file.
    package func coders() throws -> [CoderIdentity] {
        try all((any GivesCodes).self).map { try $0.coderIdentity(in: self) }
    }
}
