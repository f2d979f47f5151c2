public import Hashing

/// The owner of a state directory: a topology, and the settings of those of its nodes that keep state.
public struct TopologyIdentity: Sendable, Hashable {
    /// The topology's name.
    public let name: String
    /// A hash of the whole topology file as it was read.
    public let digest: Hash128
    /// By id of each node that keeps state: a hash of everything its state depends on.
    public let nodes: [String: Hash128]

    /// Makes an identity.
    public init(name: String, digest: Hash128, nodes: [String: Hash128]) {
        self.name = name
        self.digest = digest
        self.nodes = nodes
    }
}
