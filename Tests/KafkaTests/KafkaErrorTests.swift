internal import Testing

@testable internal import Kafka

@Suite struct KafkaErrorTests {
    @Test func saysWhatWhereWhyAndWhatToDo() {
        let error = KafkaError(
            code: Code.unknownTopic, couldNot: "look up topic 'x'", brokers: "h:9092")
        #expect(
            error.description
                == "could not look up topic 'x' (broker h:9092): Broker: Unknown topic or partition; "
                + "create the topic first or correct its name")
        #expect(error.code == 3)
        #expect(error.name == "UNKNOWN_TOPIC_OR_PART")
        #expect(error.isUnknownTopic && !error.isRetriable && !error.isFatal)
    }

    @Test func passingTroubleIsRetriable() {
        for response in [Code.transport, Code.notLeader] {
            #expect(KafkaError(code: response, couldNot: "read", brokers: "h:1").isRetriable)
        }
        // As a run met it whose connections were cut: the broker behind the bootstrap address came under another name.
        let left = KafkaError(code: Code.brokerLeft, couldNot: "read", brokers: "h:1")
        #expect(left.isRetriable && left.isSilence && !left.isFromBroker)
        for response in [Code.offsetReset, Code.fatal, Code.badMessage] {
            #expect(!KafkaError(code: response, couldNot: "read", brokers: "h:1").isRetriable)
        }
    }

    @Test func misreadBrokerVersionsAreSaidInPlainWords() {
        let error = KafkaError(
            code: Code.transport, couldNot: "look up topics", brokers: "h:1",
            detail: "h:1/bootstrap: ApiVersionRequest failed: Local: Read underflow: probably due to broker version")
        #expect(error.description.contains("install librdkafka 2.2.0 or later"))
        #expect(!error.description.contains("underflow"))
    }

    @Test func descriptionIsOneLine() {
        let error = KafkaError(code: Code.failed, couldNot: "a\nb", brokers: "h\r\n", detail: "x\ny")
        #expect(!error.description.contains { $0.isNewline })
    }

    @Test func versionDefectsAreListedUntilFixed() {
        #expect(KafkaLibrary.knownProblems(ofVersion: 0x0200_02ff).count == 2)
        #expect(KafkaLibrary.knownProblems(ofVersion: 0x0202_00ff).count == 1)
        #expect(KafkaLibrary.knownProblems(ofVersion: 0x020a_00ff).isEmpty)
        #expect(KafkaLibrary.version.hasPrefix("2."))
        #expect(KafkaLibrary.features.contains("lz4"))
    }
}
