package import Kafka
package import Observability
import Running
package import Store
package import Topology

/// A node that talks to Kafka, for examinations of its brokers.
package struct KafkaNode: Sendable {
    /// The node in the file.
    package let node: Node
    /// The topics that it reads or writes.
    package let topics: [String]
    /// How it reaches its brokers, or why that is not known.
    package let settings: Result<KafkaSettings, any Error>
}

extension Graph {
    /// The nodes that talk to Kafka, in the order of the file.
    package var kafkaNodes: [KafkaNode] {
        all((any ReachesKafka).self).map { node in
            KafkaNode(node: node.node, topics: node.topics, settings: Result { try kafkaSettings(of: node) })
        }
    }

    /// What the nodes that depend on brokers do for a run, by node.
    package var brokerRoles: [String: Reach.Role] {
        let nodes = all((any ReachesKafka).self).map { ($0.id, $0.node.kind == .source ? Reach.Role.source : .sink) }
        return Dictionary(nodes, uniquingKeysWith: { $1 })
    }

    /// The settings with which a node reaches its brokers; a sink that names none has those of the Kafka source.
    ///
    /// - Throws: `DaemonError` if there are none to take; `TopologyError` for a secret that cannot be read.
    func kafkaSettings(of node: any ReachesKafka) throws -> KafkaSettings {
        let settings = try node.settings.mapValues { try $0.revealed() }
        return KafkaSettings(brokers: try brokers(of: node), settings: settings)
    }

    private func brokers(of node: any ReachesKafka) throws -> String {
        if let own = node.brokers { return own }
        let sources = all((any ReachesKafka).self).filter { $0.node.kind == .source }
        let all = Set(sources.compactMap(\.brokers))
        guard let only = all.first, all.count == 1 else {
            throw DaemonError(
                .configuration,
                "\(node.id) names no `brokers`, and there is no single Kafka source to take them from")
        }
        return only
    }

    /// By node: the sinks that take its results.
    package var outboxTargets: [String: [OutboxTarget]] { targets { $0.port == nil } }

    /// By node: the sinks that take the records it refuses.
    package var deadLetterTargets: [String: [OutboxTarget]] { targets { $0.port != nil } }

    private func targets(_ takes: (NodeReference) -> Bool) -> [String: [OutboxTarget]] {
        var targets: [String: [OutboxTarget]] = [:]
        for sink in all((any TakesResults).self) {
            for input in sink.node.inputs where takes(input) {
                targets[input.node, default: []].append(OutboxTarget(sink: sink.id, topic: sink.topic))
            }
        }
        return targets
    }
}

extension SettingValue {
    /// The text, secret or not: for librdkafka only.
    func revealed() throws -> String {
        switch self {
        case .plain(let text): text
        case .secret(let secret): try secret.reveal()
        }
    }
}
