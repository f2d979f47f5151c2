import Kafka
import Nodes
import Observability
import Running
import Shuffle

/// A topology that several processes may share, on brokers of this process.
struct SharedTopology {
    let fixture: DaemonFixture
    private let cluster: MockCluster

    init() throws {
        fixture = try DaemonFixture()
        cluster = try MockCluster(topics: ["texts": 2, "told": 2])
    }

    /// The graph of its file.
    ///
    /// - Parameter sample: The samples of each latent, on which the evidence depends.
    func graph(sample: Int = 4, header: [String] = []) throws -> Graph {
        let stages = DaemonFixture.reading.map { $0.replacing("sample: 4,", with: "sample: \(sample),") }
        return try fixture.graph(
            header + ["shuffle: { brokers: \"\(cluster.brokers)\", topic: told, shards: 2, block: 3 }"],
            source: "{ type: kafka, brokers: \"\(cluster.brokers)\", topics: [texts], format: text }", stages: stages)
    }

    /// Puts short texts into both partitions of the corpus.
    func feed(_ numbers: Range<Int>) async throws {
        let producer = try KafkaProducer(KafkaSettings(brokers: cluster.brokers))
        try await producer.send(
            contentsOf: numbers.map { number in
                KafkaMessage(
                    topic: "texts", partition: Int32(number % 2), value: Array("the red fox \(number) runs far".utf8))
            })
        await producer.close()
    }

    /// Puts a copy of what the first shard has been told into its partition, with one bit of each record changed by `place`.
    func tellAgain(changing place: (_ record: [UInt8]) -> Int) async throws {
        let settings = KafkaSettings(brokers: cluster.brokers)
        let told = TopicPartition(topic: "told", partition: 0)
        let records = try await KafkaConsumer.records(from: [told: 0], settings: settings) { _ in true }
        let producer = try KafkaProducer(settings)
        try await producer.send(
            contentsOf: records.compactMap(\.value).map { value in
                var value = value
                value[place(value)] ^= 1
                return KafkaMessage(topic: "told", partition: 0, value: value)
            })
        await producer.close()
    }

    /// Runs a process until it is drained; gives what it was.
    func run(_ graph: Graph, as role: Role) async throws -> DaemonFixture {
        let next = try fixture.next()
        try await next.run(Graph(role.part(of: graph.topology))) { options in
            options.untilDrained = true
            options.clock = ContinuousClock()
            options.role = role
        }
        return next
    }

    /// The only process that reads the corpus.
    static let reader = Role.ingest(OwnedShards(ordinal: 0, of: 1))
    /// The only process that owns latents.
    static let owner = Role.evidence(OwnedShards(ordinal: 0, of: 1))
}
