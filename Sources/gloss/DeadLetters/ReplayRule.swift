import Corpus
import Elements
import Kafka

/// Why a dead letter is not sent to its topic again.
enum ReplayObstacle: Sendable, Hashable {
    /// It does not come from a topic.
    case isNoTopic
    /// Another process wrote it, and it is no record of the corpus.
    case isShuffled(topic: String)
    /// The topology has no such source, or one that does not read the topic.
    case isNotRead(node: String, topic: String)
    /// The topic has no such partition.
    case hasNoPartition(TopicPartition)
    /// It has no value, so there is nothing to send.
    case isNull
    /// Its record is no longer in the topic, and more than was kept of it.
    case isCutOff
    /// It is larger than what is sent to brokers.
    case isTooLarge(bytes: Int, most: Int)
    /// It was sent again before, and was refused again.
    case wasReplayed(times: Int)
    /// A broker, or the client, did not take it.
    case wasNotTaken(reason: String)
    /// The source would refuse it again.
    case wouldBeRefused(code: String, reason: String)

    /// The reason in plain words, and what can be done.
    var reason: String {
        switch self {
        case .isNoTopic:
            "it comes from a file or standard input, which is not written to: put the mended record into a file of its own"
        case .isShuffled(let topic):
            "it is no record of the corpus but one of \(topic), to which only readers write; nothing of it was merged"
        case .isNotRead(let node, let topic):
            "the topology has no Kafka source \(node) that reads \(topic); give the one that has by --topology"
        case .hasNoPartition(let partition): "there is no \(partition) any more"
        case .isNull: "its value is null, so there is nothing to send"
        case .isCutOff: "only its first 64 KiB were kept, and the topic no longer holds it"
        case .isTooLarge(let bytes, let most):
            "it has \(bytes) bytes, and at most \(most) are sent: raise `message.max.bytes` in `librdkafka` of the source"
        case .wasReplayed(let times):
            "it was sent again \(times == 1 ? "once" : "\(times) times") and refused again; --again sends it once more"
        case .wasNotTaken(let reason): reason
        case .wouldBeRefused(let code, let reason): "it would be refused again: \(code): \(reason)"
        }
    }
}

/// Decides what is sent of a dead letter.
struct ReplayRule: Sendable {
    /// The header that names the record which was refused.
    static let origin = "gloss-replay-of"
    /// The header that says how often a record was sent again.
    static let counter = "gloss-replays"

    /// What is counted of a record that was sent again, whatever its header says.
    private static let mostCounted = 1_000_000

    /// The most bytes that a record has besides its value, its key and its headers.
    static let frameBytes = 512

    /// What is sent, or why nothing is.
    enum Decision: Sendable, Hashable {
        case send(KafkaMessage, count: Int)
        case leave(ReplayObstacle)
    }

    /// Whether what was sent again before is sent once more.
    let allowsAgain: Bool
    /// The largest record that is sent, in bytes, with its key, its headers and its frame.
    var largest = KafkaProducer.largestRecord
    /// The dead letter that a record would become now; `nil` if it would be taken.
    let refusal: @Sendable (RawRecord) -> DeadLetter?

    /// - Parameters:
    ///   - earlier: How often the state says that its record was sent again before.
    ///   - record: What the topic holds at its place; `nil` if nothing.
    func decision(on letter: DeadLetter, earlier: Int, record: KafkaRecord?) -> Decision {
        // A topic that was made anew holds another record there.
        let held = record.flatMap { Self.isRecord($0, of: letter) ? $0 : nil }
        let count = max(earlier, held.map(Self.count) ?? 0)
        if count > 0, !allowsAgain { return .leave(.wasReplayed(times: count)) }
        guard let value = held?.value ?? (letter.code == "null-value" ? nil : letter.value) else {
            return .leave(.isNull)
        }
        guard held != nil || letter.value.count < DeadLetter.keptBytes else { return .leave(.isCutOff) }
        let position = letter.position
        let raw = RawRecord(position: position, timestamp: held?.timestamp ?? 0, key: held?.key, value: value)
        if let refusal = refusal(raw) {
            return .leave(.wouldBeRefused(code: refusal.code, reason: refusal.reason))
        }
        let next = min(count, Self.mostCounted) + 1
        let kept = (held?.headers ?? []).filter { $0.name != Self.origin && $0.name != Self.counter }
        let own = [
            KafkaHeader(name: Self.origin, value: Array(Self.place(of: position).utf8)),
            KafkaHeader(name: Self.counter, value: Array("\(next)".utf8)),
        ]
        let message = KafkaMessage(
            topic: position.topic, partition: position.partition, key: held?.key, value: value,
            headers: kept + own, timestamp: held.flatMap { $0.timestamp > 0 ? $0.timestamp : nil })
        let bytes = Self.byteCount(of: message)
        guard bytes <= largest else { return .leave(.isTooLarge(bytes: bytes, most: largest)) }
        return .send(message, count: next)
    }

    private static func byteCount(of message: KafkaMessage) -> Int {
        let headers = message.headers.reduce(0) { $0 + $1.name.utf8.count + ($1.value?.count ?? 0) }
        return (message.value?.count ?? 0) + (message.key?.count ?? 0) + headers + frameBytes
    }

    /// The value of the header that names a refused record.
    static func place(of position: RecordPosition) -> String {
        "\(position.source)/\(position.topic)/\(position.partition)/\(position.offset)"
    }

    /// The value of the header that names the refused record; `nil` for a record that was not sent again.
    static func origin(of record: KafkaRecord) -> String? { text(origin, of: record) }

    /// How often a record was sent again, by its header.
    static func count(of record: KafkaRecord) -> Int {
        min(max(text(counter, of: record).flatMap { Int($0) } ?? 0, 0), mostCounted)
    }

    private static func text(_ name: String, of record: KafkaRecord) -> String? {
        record.headers.last { $0.name == name }?.value.flatMap { String(validating: $0, as: UTF8.self) }
    }

    private static func isRecord(_ record: KafkaRecord, of letter: DeadLetter) -> Bool {
        if letter.code == "null-value" { return record.value == nil }
        return record.value?.prefix(DeadLetter.keptBytes).elementsEqual(letter.value) ?? false
    }
}
