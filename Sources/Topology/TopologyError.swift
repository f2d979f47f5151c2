/// An error of a topology after it was read.
public enum TopologyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A secret's file cannot be used.
    case unreadableSecret(path: String, reason: String)
    /// A field that a node needs in order to be built has no value of the requested type.
    case missingField(node: String, field: String)

    /// The fault and its remedy.
    public var description: String {
        switch self {
        case .unreadableSecret(let path, let reason):
            "cannot read the secret in `\(path)`: \(reason); give the path of a readable text file"
        case .missingField(let node, let field):
            "the node `\(node)` needs a value for `\(field)`; give one in the topology file"
        }
    }
}
