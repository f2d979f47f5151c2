public import Foundation

/// A server of a model.
public struct ServerReach: Sendable, Hashable {
    /// Since when it has been away; `nil` while it answers.
    public var awaySince: Date?

    /// Makes one that answers.
    public init() {}
}

/// What a source or sink reaches outside the process.
public struct Reach: Sendable, Hashable {
    /// What the node does for the run.
    public enum Role: String, Sendable, Hashable {
        case source, sink
    }

    /// What the node does for the run.
    public let role: Role
    /// When it was lost; `nil` while it answers.
    public var lostAt: Date?

    /// Makes one that answers.
    public init(role: Role) { self.role = role }
}
