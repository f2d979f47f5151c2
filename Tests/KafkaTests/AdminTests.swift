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

    @Test(.enabled(if: TestBroker.isReal)) func settingsOfATopicAreThoseThatItWasMadeWith() async throws {
        let broker = try await TestBroker()
        let name = broker.topic + "-kept"
        let given = ["retention.ms": "3600000", "cleanup.policy": "delete"]
        try await KafkaAdmin.createTopic(name, partitions: 1, configuration: given, settings: broker.settings)
        let told = try await KafkaAdmin.configuration(ofTopic: name, settings: broker.settings)
        #expect(told.filter { given[$0.key] != nil } == given)
    }

    @Test func settingsThatTheBrokerDoesNotTellAreAnError() async throws {
        let broker = try await TestBroker(isMock: true)
        let error = await #expect(throws: KafkaError.self) {
            try await KafkaAdmin.configuration(
                ofTopic: broker.topic, settings: broker.settings, timeout: .seconds(5))
        }
        #expect(error?.description.contains("ask for the settings of topic '\(broker.topic)'") == true)
    }

    @Test func noBrokerIsAnErrorThatNamesTheAddress() async throws {
        let error = await #expect(throws: KafkaError.self) {
            try await KafkaAdmin.metadata(KafkaSettings(brokers: "127.0.0.1:1"), timeout: .seconds(1))
        }
        #expect(error?.description.contains("Connection refused") == true)
    }
}
