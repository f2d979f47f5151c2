internal import CRdKafka
internal import Synchronization

/// What a group says of a member's partitions.
enum GroupChange: Sendable {
    /// All are taken back.
    case withdrawn
    /// These are left to the member.
    case dealt([TopicPartition])
}

/// The part of a client that librdkafka's callbacks need; C reaches it through its opaque pointer.
final class ClientContext: Sendable {
    private struct State {
        /// The library's last message about reaching a broker; explains a timeout better than the timeout itself.
        var lastTrouble: String?
        /// The code of the last error that only a change of settings ends: certificates or passwords.
        var refusal: rd_kafka_resp_err_t?
        var fatal: KafkaError?
        /// Whether the library has said that no broker can be reached, and nothing has arrived since.
        var isDown = false
        /// Whether the last question was not answered.
        ///
        /// What arrives does not end that: it may come from other brokers.
        var isSilent = false
        var commitsOutstanding = 0
        /// Told of what the group says; answers whether somebody says from where partitions are read.
        var onRebalance: (@Sendable (GroupChange) -> Bool)?
    }

    let brokers: String
    private let onNotice: @Sendable (KafkaNotice) -> Void
    private let state = Mutex(State())

    init(brokers: String, onNotice: @escaping @Sendable (KafkaNotice) -> Void) {
        self.brokers = brokers
        self.onNotice = onNotice
    }

    /// The context behind a callback's opaque pointer; `ClientHandle` keeps it alive for as long as callbacks can run.
    static func from(_ opaque: UnsafeMutableRawPointer?) -> ClientContext? {
        opaque.map { Unmanaged<ClientContext>.fromOpaque($0).takeUnretainedValue() }
    }

    func notice(_ kind: KafkaNotice.Kind, _ level: KafkaNotice.Level, _ description: String) {
        onNotice(KafkaNotice(kind: kind, level: level, description: description.filter { !$0.isNewline }))
    }

    /// Whoever is a member of a group is told what that says.
    func onRebalance(_ body: @escaping @Sendable (GroupChange) -> Bool) { state.withLock { $0.onRebalance = body } }

    /// The library's rebalance callback.
    ///
    /// - Returns: Whether somebody will say from where partitions are read.
    func rebalanced(_ change: GroupChange) -> Bool { state.withLock { $0.onRebalance }?(change) ?? false }

    /// The error after which the client is of no use.
    var fatal: KafkaError? { state.withLock { $0.fatal } }

    var commitsOutstanding: Int { state.withLock { $0.commitsOutstanding } }

    func commitStarted() { state.withLock { $0.commitsOutstanding += 1 } }

    func commitEnded(_ response: rd_kafka_resp_err_t) {
        state.withLock { $0.commitsOutstanding = max(0, $0.commitsOutstanding - 1) }
        guard response != RD_KAFKA_RESP_ERR_NO_ERROR, response != RD_KAFKA_RESP_ERR__NO_OFFSET else { return }
        let error = KafkaError(response, couldNot: "label the offsets of the group", brokers: brokers)
        // A member whose partitions are being dealt out anew commits with the next checkpoint, or whoever has got them does.
        let isPassing =
            response == RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS || response == RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION
            || response == RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID
        notice(.commitFailed, isPassing ? .debug : .warning, error.description)
    }

    /// The library's error callback.
    func clientError(_ response: rd_kafka_resp_err_t, _ detail: String) {
        let detail = Self.steady(detail)
        if response == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN {
            let trouble = state.withLock { state in
                state.isDown = true
                return state.lastTrouble
            }
            let error = KafkaError(
                response, couldNot: Self.reachingAny, brokers: brokers, detail: trouble ?? detail)
            notice(.allBrokersDown, .error, error.description)
            return
        }
        let error = KafkaError(response, couldNot: "reach a broker, still trying", brokers: brokers, detail: detail)
        let isRefusal =
            response == RD_KAFKA_RESP_ERR__AUTHENTICATION || response == RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED
            || response == RD_KAFKA_RESP_ERR__SSL
        state.withLock { state in
            state.lastTrouble = detail
            state.refusal = isRefusal ? response : nil
        }
        notice(.brokerUnreachable, error.isRetriable ? .warning : .error, error.description)
    }

    /// The library's log of a connection that ended; a reset during its first request it tells nowhere else.
    func connectionFailed(_ words: String) {
        guard words.contains("APIVERSION_QUERY") else { return }
        state.withLock { $0.lastTrouble = $0.lastTrouble ?? words }
    }

    func clientIsLost(_ error: KafkaError) { state.withLock { $0.fatal = $0.fatal ?? error } }

    /// To be called whenever the broker has delivered something.
    func heardFromBroker() {
        let isOver = state.withLock { state in
            defer { state.isDown = false }
            state.lastTrouble = nil
            state.refusal = nil
            return state.isDown && !state.isSilent
        }
        if isOver { sayRecovered() }
    }

    /// To be called whenever a question was answered.
    func questionWasAnswered() {
        let isOver = state.withLock { state in
            defer { (state.isDown, state.isSilent) = (false, false) }
            return state.isDown || state.isSilent
        }
        if isOver { sayRecovered() }
    }

    /// To be called whenever a question was not answered.
    ///
    /// - Parameter trouble: What the library last said where the question was asked.
    func questionFailed(_ error: KafkaError, trouble: String?) {
        let known = state.withLock { state in
            state.isSilent = true
            return trouble ?? state.lastTrouble
        }
        // In the words of the library's own outages, so that they count as one.
        let outage = KafkaError(
            RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, couldNot: Self.reachingAny, brokers: brokers,
            detail: known ?? error.description)
        notice(.allBrokersDown, .error, outage.description)
    }

    /// The library's last message about reaching a broker.
    var lastTrouble: String? { state.withLock { $0.lastTrouble } }

    private static let reachingAny = "reach any broker, still trying"

    /// Whether the broker was last known not to answer.
    var isOut: Bool { state.withLock { $0.isDown || $0.isSilent } }

    private func sayRecovered() { notice(.recovered, .information, "the broker (\(brokers)) answers again") }

    /// The library's words without what differs from one failure to the next of the same cause.
    static func steady(_ detail: String) -> String {
        detail.replacing(/after \d+ms in state/, with: "in state")
            .replacing(/, \d+ identical error\(s\) suppressed/, with: "")
    }

    /// An error with the library's last message about the connection, if the code itself says only that nothing came.
    ///
    /// If that message was a refusal of our certificate or password, the error has the refusal's code.
    func error(
        _ response: rd_kafka_resp_err_t, couldNot action: String, detail: String? = nil,
        partition: TopicPartition? = nil, offset: Int64? = nil
    ) -> KafkaError {
        let isSilence =
            response == RD_KAFKA_RESP_ERR__TRANSPORT || response == RD_KAFKA_RESP_ERR__TIMED_OUT
            || response == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || response == RD_KAFKA_RESP_ERR__MSG_TIMED_OUT
        let (trouble, refusal) = state.withLock { ($0.lastTrouble, $0.refusal) }
        return KafkaError(
            isSilence && detail == nil ? refusal ?? response : response, couldNot: action, brokers: brokers,
            detail: detail ?? (isSilence ? trouble : nil),
            partition: partition, offset: offset)
    }
}
