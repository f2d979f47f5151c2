import Dataflow
import Kafka
import Nodes
import Running
import Shuffle
import Topology

/// Whether the topic fits through which several processes share a topology, keeps its records, and how far its owners have read it.
enum ShuffleExamination {
    static let subject = "shuffle"

    /// Findings of the topic; none of a topology without `shuffle`.
    static func findings(of graph: Graph, in role: Role, _ pool: ComputePool<Void>) async throws -> [Finding] {
        guard let shuffle = graph.topology.shuffle else { return [] }
        // A process that does all never looks at the topic.
        let fault: Finding.Status = role == .whole ? .warn : .fail
        let settings: KafkaSettings
        let cluster: KafkaCluster
        do {
            settings = try graph.shuffleKafka()
            cluster = try await BrokerExamination.cluster(settings).get()
        } catch {
            return [Finding(fault, subject, "\(error)")]
        }
        let found = topic(shuffle, partitions: cluster.topics[shuffle.topic], fault)
        guard found.status == .ok else { return [found] }
        let kept = await RetentionExamination.finding(of: shuffle.topic, settings, fault: fault)
        // Why files cannot be opened is said of the nodes that name them.
        let named = try await pool.run { _ in
            try? (identity: graph.shuffleIdentity(), agreement: graph.agreement())
        }
        guard let named else { return [found, kept] }
        let group = named.identity.shardGroup("gloss-\(graph.topology.name)")
        return [found, kept, Finding(.ok, subject, "processes must agree on \(named.agreement)")]
            + contents(await Held.read(shuffle, settings, group: group))
    }

    private static func topic(_ shuffle: ShuffleSettings, partitions: Int?, _ fault: Finding.Status) -> Finding {
        let (name, shards) = (shuffle.topic, shuffle.shards)
        switch partitions {
        case shards:
            return Finding(.ok, subject, "topic \(name): \(shards) partitions, one for each shard")
        case let partitions? where partitions > 0:
            return Finding(
                fault, subject,
                "topic \(name): \(partitions) partitions, but `shards` is \(shards): make another topic, with \(shards)"
            )
        default:
            return Finding(
                fault, subject,
                "topic \(name): not there, or hidden from this user; make it with \(shards) partitions and without a bound "
                    + "on retention (retention.ms=-1, retention.bytes=-1), or give the user leave")
        }
    }

    private static func contents(_ held: Result<Held, KafkaError>) -> [Finding] {
        switch held {
        case .failure(let error): [Finding(.warn, subject, "\(error)")]
        case .success(let held): [held.owners] + (held.deleted.map { [$0] } ?? [])
        }
    }

    /// What the topic holds, and what the owners of its shards have read of it.
    private struct Held {
        let marks: [TopicPartition: Watermarks]
        let committed: [TopicPartition: Int64]

        // A function of its own: see `BrokerExamination.cluster`.
        @inline(never)
        static func read(
            _ shuffle: ShuffleSettings, _ settings: KafkaSettings, group: String
        ) async -> Result<Held, KafkaError> {
            let partitions = (0..<Int32(clamping: shuffle.shards)).map {
                TopicPartition(topic: shuffle.topic, partition: $0)
            }
            do {
                let consumer = try KafkaConsumer(settings, group: group)
                let held = await read(partitions, by: consumer)
                await consumer.close()
                return held
            } catch {
                return .failure(error)
            }
        }

        @inline(never)
        private static func read(
            _ partitions: [TopicPartition], by consumer: KafkaConsumer
        ) async -> Result<Held, KafkaError> {
            do {
                let marks = try await consumer.watermarks(of: partitions, timeout: BrokerExamination.timeout)
                return .success(
                    Held(
                        marks: marks,
                        committed: try await consumer.committed(partitions, timeout: BrokerExamination.timeout)))
            } catch {
                return .failure(error)
            }
        }

        /// What an owner could not be restored from any more; `nil` if nothing is gone.
        var deleted: Finding? {
            let cut = marks.filter { $0.value.low > 0 }.sorted { $0.key < $1.key }
            guard let (partition, mark) = cut.first.map({ ($0.key, $0.value) }) else { return nil }
            return Finding(
                .warn, subject,
                "the records of \(partition) before offset \(mark.low) are gone (\(cut.count) of \(marks.count) partitions "
                    + "have lost some): an owner that has no state is refused; take the bound off the topic's retention, "
                    + "and start anew with another `shuffle.topic` and `state.directory`")
        }

        /// How far the owners that have the same settings have read.
        var owners: Finding {
            let behind = marks.reduce(0) { $0 + $1.value.left(after: committed[$1.key]) }
            let unknown = marks.keys.filter { committed[$0] == nil }.map(\.partition).sorted()
            guard unknown.count < marks.count else {
                return Finding(
                    .ok, subject, "no owner that agrees has read anything yet; \(behind) records wait for one")
            }
            let missing =
                unknown.isEmpty
                ? "" : "; nobody has read shard \(unknown.map(String.init).joined(separator: ", "))"
            return Finding(.ok, subject, "\(behind) records wait for owners that agree\(missing)")
        }
    }
}
