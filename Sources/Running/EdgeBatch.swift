package import Dataflow
package import Elements
package import Topology

/// A batch that crosses an edge of the topology.
package protocol EdgeBatch: Weighed {
    /// The type of the edges that carry it.
    static var edge: EdgeType { get }
    /// The most bytes that wait on an edge.
    static var capacity: Int { get }
    /// Whether a new batch replaces those that wait.
    static var keepsLatestOnly: Bool { get }
}

extension EdgeType {
    /// What is counted of what crosses such an edge: what `Weighed.elementCount` of its batches is a number of.
    package var unit: String {
        switch self {
        case .contexts, .activations, .codes: "tokens"
        case .evidence: "updates"
        default: description
        }
    }
}

extension EdgeBatch {
    package static var keepsLatestOnly: Bool { false }

    /// A port for it.
    package static func port(timers: StageTimers) -> InputPort<Self> {
        InputPort(capacity: capacity, keepsLatestOnly: keepsLatestOnly, timers: timers)
    }
}

// A barrier waits for what the queues hold before it, so they hold no more than keeps the next stage busy.
extension DocumentBatch: EdgeBatch {
    package static var edge: EdgeType { .documents }
    package static var capacity: Int { 4 << 10 }
}
extension ContextBatch: EdgeBatch {
    package static var edge: EdgeType { .contexts }
    package static var capacity: Int { 8 << 10 }
}
extension ActivationBatch: EdgeBatch {
    package static var edge: EdgeType { .activations }
    package static var capacity: Int { 1 << 20 }
}
extension CodeBatch: EdgeBatch {
    package static var edge: EdgeType { .codes }
    package static var capacity: Int { 4 << 20 }
}
extension EvidenceUpdate: EdgeBatch {
    package static var edge: EdgeType { .evidence }
    package static var capacity: Int { 1 }
    package static var keepsLatestOnly: Bool { true }
}
extension ExplanationBatch: EdgeBatch {
    package static var edge: EdgeType { .explanations }
    package static var capacity: Int { 1 << 20 }
}
extension ScoreBatch: EdgeBatch {
    package static var edge: EdgeType { .scores }
    package static var capacity: Int { 1 << 20 }
}
