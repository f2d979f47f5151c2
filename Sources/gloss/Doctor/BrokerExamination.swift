import Daemon
import Dataflow
import Kafka
import Topology

/// Whether the brokers of a topology's Kafka nodes answer, and have their topics.
enum BrokerExamination {
    /// How long the brokers of a node have for their answer.
    static let timeout = Duration.seconds(5)

    /// Findings of all Kafka nodes, in the order of the file; asks the brokers of all nodes at the same time.
    static func findings(of topology: Topology) async -> [Finding] {
        let nodes = topology.nodes.filter { $0.schema.type == "kafka" }
        return await withTaskGroup(of: (Int, [Finding]).self) { group in
            for (index, node) in nodes.enumerated() {
                group.addTask { (index, await findings(of: node, in: topology)) }
            }
            var found: [Int: [Finding]] = [:]
            for await (index, findings) in group { found[index] = findings }
            return nodes.indices.flatMap { found[$0] ?? [] }
        }
    }

    private static func findings(of node: Node, in topology: Topology) async -> [Finding] {
        let subject = "\(node.kind == .source ? "source" : "sink") \(node.id)"
        do {
            let settings = try topology.kafkaSettings(of: node)
            let cluster = try await cluster(settings)
            let answer = "\(settings.brokers): \(cluster.brokers.count) brokers answer"
            let topics = node.list("topics") ?? node.string("topic").map { [$0] } ?? []
            return [Finding(.ok, subject, answer)]
                + topics.map {
                    finding(topic: $0, partitions: cluster.topics[$0], subject, isRead: node.kind == .source)
                }
        } catch {
            return [Finding(.fail, subject, "\(error)")]
        }
    }

    private static func finding(topic: String, partitions: Int?, _ subject: String, isRead: Bool) -> Finding {
        switch (partitions, isRead) {
        case (.some(1...), _):
            Finding(.ok, subject, "topic \(topic): \(partitions ?? 0) partitions")
        case (.some, _):
            Finding(.fail, subject, "topic \(topic): no partition can be used; look at the state of the brokers")
        case (nil, true):
            Finding(
                .fail, subject, "topic \(topic): not there, or hidden from this user; make it, or give the user leave")
        case (nil, false):
            Finding(
                .warn, subject,
                "topic \(topic): not there, or hidden from this user; make it, unless the brokers make topics themselves"
            )
        }
    }

    // A function of its own: the optimiser of Swift 6.3.1 crashes on a typed throw inside a larger async function.
    @inline(never)
    private static func cluster(_ settings: KafkaSettings) async throws -> KafkaCluster {
        try await KafkaAdmin.metadata(settings, timeout: timeout)
    }
}
