import Elements
package import Lineage
import Synchronization

/// What stands of a topology's explanations, shared by its explain nodes and score nodes.
package final class SharedLineage: Sendable {
    private let lineage = Mutex(Lineage())

    package init() {}

    /// Does something with it; nobody else does meanwhile.
    package func with<Value: Sendable>(_ body: (inout Lineage) -> Value) -> Value { lineage.withLock { body(&$0) } }

    /// Tells of what happened at an explain node; returns what it is to do.
    package func tell(_ event: ExplainEvent, at node: String) -> [ExplainAction] { with { $0.handle(event, at: node) } }

    /// Tells of what happened at a score node; returns what it is to do.
    package func tell(_ event: ScoreEvent, at node: String) -> [ScoreAction] { with { $0.handle(event, at: node) } }
}
