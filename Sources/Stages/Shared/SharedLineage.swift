import Elements
package import Lineage
import Synchronization

/// The lineage of a topology's explanations, shared by its explain nodes and score nodes.
package final class SharedLineage: Sendable {
    private let lineage = Mutex(Lineage())

    package init() {}

    /// Uses the lineage; nobody else uses it meanwhile.
    package func with<Value: Sendable>(_ body: (inout Lineage) -> Value) -> Value { lineage.withLock { body(&$0) } }

    /// Reports an event at an explain node; returns the actions it is to take.
    package func tell(_ event: ExplainEvent, at node: String) -> [ExplainAction] { with { $0.handle(event, at: node) } }

    /// Reports an event at a score node; returns the actions it is to take.
    package func tell(_ event: ScoreEvent, at node: String) -> [ScoreAction] { with { $0.handle(event, at: node) } }
}
