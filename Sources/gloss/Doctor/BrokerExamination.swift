import Kafka
import Nodes
import Running
import Topology

/// Whether the brokers of a topology's Kafka nodes answer, and have their topics.
enum BrokerExamination {
    /// How long the brokers of a node have for their answer.
    static let timeout = Duration.seconds(5)

    typealias Answer = Result<KafkaCluster, KafkaError>

    /// Findings of the Kafka nodes that a process in a role reaches, in the order of the file.
    ///
    /// Every list of brokers is asked once for each way of reaching it, all at the same time.
    static func findings(of graph: Graph, in role: Role) async -> [Finding] {
        let reached = graph.brokerRoles(in: role)
        let nodes = graph.kafkaNodes.filter { reached[$0.node.id] != nil }
        let answers = await withTaskGroup(of: (KafkaSettings, Answer).self) { group in
            for settings in Set(nodes.compactMap { try? $0.settings.get() }) {
                group.addTask { (settings, await cluster(settings)) }
            }
            return await group.reduce(into: [KafkaSettings: Answer]()) { $0[$1.0] = $1.1 }
        }
        return nodes.flatMap { found -> [Finding] in
            let node = found.node
            let subject = "\(node.kind == .source ? "source" : "sink") \(node.id)"
            do {
                let settings = try found.settings.get()
                guard let cluster = try answers[settings]?.get() else { return [] }
                return findings(of: found, subject, at: settings.brokers, in: cluster)
            } catch {
                return [Finding(.fail, subject, "\(error)")]
            }
        }
    }

    private static func findings(
        of node: KafkaNode, _ subject: String, at brokers: String, in cluster: KafkaCluster
    ) -> [Finding] {
        [Finding(.ok, subject, "\(brokers): \(cluster.brokers.count) brokers answer")]
            + node.topics.map {
                finding(topic: $0, partitions: cluster.topics[$0], subject, isRead: node.node.kind == .source)
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

    /// What a cluster says of itself.
    // A function of its own: the optimiser of Swift 6.3.1 crashes on a typed throw inside a larger async function.
    @inline(never)
    static func cluster(_ settings: KafkaSettings) async -> Answer {
        do {
            return .success(try await KafkaAdmin.metadata(settings, timeout: timeout))
        } catch {
            return .failure(error)
        }
    }
}
