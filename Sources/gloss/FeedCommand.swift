import ArgumentParser
import Corpus
import Elements
import Foundation
import Kafka

/// Puts a corpus file into a topic.
struct FeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed",
        abstract: "Puts a corpus file (lines of JSON or text, plain or gzip) into a topic, which it makes if needed.")

    @Argument(help: "The file.")
    var file: String

    @Option(help: "Addresses of brokers, separated by commas.")
    var brokers: String

    @Option(help: "The topic.")
    var topic: String

    @Option(help: "The partitions of a topic that is made.")
    var partitions = 4

    @Option(help: "Feed at most this many documents.")
    var documents: Int?

    @Option(help: "A librdkafka setting, `name=value`; may be repeated.")
    var setting: [String] = []

    func validate() throws {
        if let documents, documents < 1 { throw ValidationError("--documents needs a number of at least 1") }
        for setting in setting {
            guard let name = setting.split(separator: "=", maxSplits: 1).first, name.count < setting.count else {
                throw ValidationError("--setting needs name=value, not \(setting)")
            }
            if let reason = KafkaSettings.reservedReason(for: String(name)) { throw ValidationError(reason) }
        }
    }

    func run() async throws {
        let pairs = setting.map { $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false) }
        let settings = KafkaSettings(
            brokers: brokers,
            settings: Dictionary(pairs.map { (String($0[0]), String($0[1])) }, uniquingKeysWith: { $1 }))
        do {
            try await feed(settings)
        } catch {
            Terminal.status("")
            throw ExitCode(telling: error, of: "feed")
        }
    }

    private func feed(_ settings: KafkaSettings) async throws {
        try await KafkaAdmin.createTopic(topic, partitions: partitions, settings: settings)
        let producer = try KafkaProducer(settings)
        let clock = ContinuousClock()
        let start = clock.now
        var sent = 0
        var bytes = 0
        for try await records in FileSource(path: file, source: "feed").records() {
            let room = (documents ?? .max) - sent
            let messages = records.prefix(room).compactMap { record in
                record.value.map { value in
                    KafkaMessage(topic: topic, key: key(of: value), value: value)
                }
            }
            try await producer.send(contentsOf: messages)
            sent += messages.count
            bytes += messages.reduce(0) { $0 + ($1.value?.count ?? 0) }
            Terminal.status(line(sent, bytes, clock.now - start))
            if sent >= documents ?? .max { break }
        }
        await producer.close()
        Terminal.status("")
        try Terminal.print(line(sent, bytes, clock.now - start))
    }

    /// Documents of one id go to one partition, so that a corrected document stays after the first.
    private func key(of value: [UInt8]) -> [UInt8]? {
        let position = RecordPosition(source: "feed", topic: topic, partition: 0, offset: 0)
        let decoder = RecordDecoder(format: .json, node: "feed", maximumBytes: .max)
        let record = RawRecord(position: position, timestamp: 0, key: nil, value: value)
        guard case .document(let document) = decoder.decode(record) else { return nil }
        return document.id.map { Array($0.utf8) }
    }

    private func line(_ sent: Int, _ bytes: Int, _ elapsed: Duration) -> String {
        let seconds = max(1e-3, Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18)
        let goal = documents.map { " of \($0)" } ?? ""
        let megabytes = Double(bytes) / 1e6
        return String(
            format: "fed %d%@ documents, %.1f MB, %.0f documents/s, %.1f MB/s", sent, goal, megabytes,
            Double(sent) / seconds, megabytes / seconds)
    }
}
