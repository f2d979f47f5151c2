internal import Kafka
internal import Testing

@Suite struct KafkaSettingsTests {
    @Test(arguments: [
        "enable.auto.commit", "enable.auto.offset.store", "auto.offset.reset", "isolation.level", "enable.idempotence",
        "group.id", "group.instance.id", "partition.assignment.strategy", "plugin.library.paths",
        "test.mock.num.brokers", "bootstrap.servers", "enable.partition.eof", "transactional.id",
        "delivery.report.only.error", "auto.commit.enable", "allow.auto.create.topics",
    ])
    func reservedKeysSayWhyAndAreRefused(key: String) throws {
        let reason = try #require(KafkaSettings.reservedReason(for: key))
        let error = #expect(throws: KafkaError.self) {
            try KafkaProducer(KafkaSettings(brokers: "127.0.0.1:1", settings: [key: "1"]))
        }
        #expect(error?.description == "the librdkafka setting '\(key)' can't be given: \(reason)")
    }

    @Test(arguments: ["security.protocol", "sasl.mechanisms", "fetch.min.bytes", "client.id", "groups"])
    func otherKeysAreTheUsers(key: String) {
        #expect(KafkaSettings.reservedReason(for: key) == nil)
    }

    @Test func unknownSettingIsNamed() {
        let error = #expect(throws: KafkaError.self) {
            try KafkaConsumer(KafkaSettings(brokers: "127.0.0.1:1", settings: ["fetch.min.byte": "1"]), group: nil)
        }
        #expect(error?.description.contains("knows no setting 'fetch.min.byte'") == true)
    }

    @Test func badValueIsNamedWithTheLibrarysReason() {
        let error = #expect(throws: KafkaError.self) {
            try KafkaConsumer(KafkaSettings(brokers: "127.0.0.1:1", settings: ["fetch.min.bytes": "many"]), group: nil)
        }
        #expect(error?.description.contains("'fetch.min.bytes' was refused: ") == true)
        #expect(error?.name == "_INVALID_ARG")
    }

    @Test(arguments: ["", " ", ","]) func missingBrokersAreRefused(brokers: String) {
        let error = #expect(throws: KafkaError.self) { try KafkaProducer(KafkaSettings(brokers: brokers)) }
        #expect(error?.description == "'brokers' is empty; give at least one host:port")
    }

    @Test func secretsAreNeverShown() {
        let secrets = [
            "sasl.password": "hush1", "ssl.key.password": "hush2", "ssl.key.pem": "hush3",
            "sasl.oauthbearer.client.secret": "hush4", "ssl.keystore.password": "hush5",
        ]
        let settings = KafkaSettings(brokers: "b:1", settings: secrets.merging(["client.id": "me"]) { $1 })
        for shown in ["\(settings)", String(reflecting: settings), String(describing: Optional(settings))] {
            #expect(!shown.contains("hush"))
            #expect(shown.contains("client.id=me"))
        }
        var dumped = ""
        dump(settings, to: &dumped)
        #expect(!dumped.contains("hush"))
        #expect(secrets.keys.allSatisfy(KafkaSettings.isSecret))
    }
}
