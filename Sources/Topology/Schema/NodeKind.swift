/// Which part of the topology file a node stands in.
public enum NodeKind: String, Sendable, Hashable, CaseIterable {
    /// Under `sources:`.
    case source = "sources"
    /// Under `stages:`.
    case stage = "stages"
    /// Under `sinks:`.
    case sink = "sinks"
}
