internal import Kafka
internal import Testing

@Suite(.timeLimit(.minutes(5))) struct AdminTests {
    @Test func metadataNamesBrokersAndTopics() async throws {
        let broker = try await TestBroker(partitions: 5)
        let cluster = try await KafkaAdmin.metadata(broker.settings)
        #expect(cluster.topics[broker.topic] == 5)
        let first = try #require(cluster.brokers.first)
        #expect(broker.settings.brokers.contains(":\(first.port)"))
    }

    @Test func aTopicThatIsThereWithEnoughPartitionsIsLeftAsItIs() async throws {
        let broker = try await TestBroker(partitions: 5)
        for asked in [1, 5] {
            let made = try await KafkaAdmin.createTopic(broker.topic, partitions: asked, settings: broker.settings)
            #expect(made == .existed(partitions: 5))
        }
        let error = await #expect(throws: KafkaError.self) {
            try await KafkaAdmin.createTopic(broker.topic, partitions: 6, settings: broker.settings)
        }
        #expect(error?.description.contains("exists with 5 partitions, 6 were asked for") == true)
    }

    @Test func aTopicThatCannotBeMadeIsAnErrorAndNotMadeByAsking() async throws {
        let cluster = try MockCluster(topics: [:])
        let settings = KafkaSettings(brokers: cluster.brokers)
        let error = await #expect(throws: KafkaError.self) {
            try await KafkaAdmin.createTopic("new", partitions: 2, settings: settings)
        }
        #expect(error?.description.contains("create topic 'new'") == true)
        #expect(try await KafkaAdmin.metadata(settings).topics.isEmpty)
    }

    @Test func noBrokerIsAnErrorThatNamesTheAddress() async throws {
        let error = await #expect(throws: KafkaError.self) {
            try await KafkaAdmin.metadata(KafkaSettings(brokers: "127.0.0.1:1"), timeout: .seconds(1))
        }
        #expect(error?.description.contains("Connection refused") == true)
    }
}
