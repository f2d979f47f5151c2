import Testing

@testable import Kafka

/// What librdkafka logs, by syslog level and facility.
@Suite struct LogLevelTests {
    @Test(arguments: [
        (Int32(2), "X", KafkaNotice.Level.error), (4, "SESSTMOUT", .warning), (5, "X", .information), (7, "X", .debug),
    ])
    func levelsAreThoseOfSyslog(level: Int32, facility: String, expected: KafkaNotice.Level) {
        #expect(ClientConfiguration.noticeLevel(ofLog: level, facility: facility) == expected)
    }

    /// Lost connections come by the error callback too, and old brokers are told of topics that are not made with each question.
    @Test(arguments: [(Int32(3), "FAIL"), (3, "ERROR"), (4, "AUTOCREATE"), (6, "AUTOCREATE")])
    func whatIsSaidElsewhereOrNeedsNobodyIsForDebugging(level: Int32, facility: String) {
        #expect(ClientConfiguration.noticeLevel(ofLog: level, facility: facility) == .debug)
    }
}
