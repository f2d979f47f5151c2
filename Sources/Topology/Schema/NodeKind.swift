/// The section of the topology file that a node belongs in.
public enum NodeKind: String, Sendable, Hashable, CaseIterable {
    /// Under `sources:`.
    case source = "sources"
    /// Under `stages:`.
    case stage = "stages"
    /// Under `sinks:`.
    case sink = "sinks"
}
