internal import CRdKafka

/// Builds librdkafka's configuration: our defaults, then the user's settings, then those the user may not choose.
enum ClientConfiguration {
    /// - Returns: a configuration the caller owns until `rd_kafka_new` takes it.
    static func make(
        _ kind: rd_kafka_type_t, _ settings: KafkaSettings, defaults: [(String, String)], own: [(String, String)],
        context: ClientContext
    ) throws(KafkaError) -> OpaquePointer {
        if settings.brokers.allSatisfy({ $0.isWhitespace || $0 == "," }) {
            throw .invalid("'brokers' is empty; give at least one host:port")
        }
        for key in settings.settings.keys.sorted() {
            if let reason = KafkaSettings.reservedReason(for: key) {
                throw .invalid("the librdkafka setting '\(key)' can't be given: \(reason)")
            }
        }
        guard let configuration = rd_kafka_conf_new() else {
            throw .invalid("librdkafka could not allocate a configuration")
        }
        do throws(KafkaError) {
            let always = [("bootstrap.servers", settings.brokers), ("log.queue", "true")]
            let given = settings.settings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            for (key, value) in defaults { try set(key, value, in: configuration, isOptional: true) }
            for (key, value) in given + own + always { try set(key, value, in: configuration) }
        } catch {
            rd_kafka_conf_destroy(configuration)
            throw error
        }
        rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(context).toOpaque())
        setCallbacks(configuration)
        if kind == RD_KAFKA_CONSUMER {
            setCommitCallback(configuration)
            setRebalanceCallback(configuration)
        }
        return configuration
    }

    /// - Parameter isOptional: whether an older version of the library may lack the setting.
    private static func set(
        _ key: String, _ value: String, in configuration: OpaquePointer, isOptional: Bool = false
    ) throws(KafkaError) {
        var words = [CChar](repeating: 0, count: 512)
        switch rd_kafka_conf_set(configuration, key, value, &words, words.count) {
        case RD_KAFKA_CONF_OK:
            return
        case RD_KAFKA_CONF_UNKNOWN where isOptional:
            return
        case RD_KAFKA_CONF_UNKNOWN:
            throw .invalid("librdkafka \(KafkaLibrary.version) knows no setting '\(key)'; correct it or leave it out")
        default:
            // The library's own message repeats the value.
            let reason = KafkaSettings.isSecret(key) ? "its value is not valid" : String(nulTerminated: words)
            throw .invalid("the librdkafka setting '\(key)' was refused: \(reason)")
        }
    }

    private static func setCallbacks(_ configuration: OpaquePointer) {
        rd_kafka_conf_set_error_cb(configuration) { client, code, reason, opaque in
            guard let context = ClientContext.from(opaque) else { return }
            let response = rd_kafka_resp_err_t(code)
            guard response == RD_KAFKA_RESP_ERR__FATAL else {
                context.clientError(response, reason.map { String(cString: $0) } ?? "")
                return
            }
            var words = [CChar](repeating: 0, count: 512)
            let original = rd_kafka_fatal_error(client, &words, words.count)
            context.clientIsLost(
                KafkaError(
                    original, couldNot: "go on with this client", brokers: context.brokers,
                    detail: String(nulTerminated: words), isFatal: true))
        }
        rd_kafka_conf_set_log_cb(configuration) { client, level, facility, line in
            guard let client, let line, let context = ClientContext.from(rd_kafka_opaque(client)) else { return }
            let facility = facility.map { String(cString: $0) } ?? ""
            let words = String(cString: line)
            if facility == "FAIL" { context.connectionFailed(words) }
            context.notice(
                .log, ClientConfiguration.noticeLevel(ofLog: level, facility: facility),
                "librdkafka \(facility): \(words)")
        }
    }

    private static func setCommitCallback(_ configuration: OpaquePointer) {
        rd_kafka_conf_set_offset_commit_cb(configuration) { _, response, _, opaque in
            ClientContext.from(opaque)?.commitEnded(response)
        }
    }

    private static func setRebalanceCallback(_ configuration: OpaquePointer) {
        rd_kafka_conf_set_rebalance_cb(configuration) { client, response, partitions, opaque in
            let context = ClientContext.from(opaque)
            switch response {
            case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS:
                if context?.rebalanced(.dealt(PartitionList.partitions(of: partitions))) == true { return }
            case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS: _ = context?.rebalanced(.withdrawn)
            default:
                _ = context?.rebalanced(.withdrawn)
                context?.notice(
                    .partitionTrouble, .warning,
                    "the group could not deal out its partitions: \(String(cString: rd_kafka_err2str(response)))")
            }
            // The group waits for this answer where nobody else gives one.
            rd_kafka_assign(client, nil)
        }
    }

    /// Lost connections are logged at syslog level 3 and also given to the error callback, which says it better; and topics are made by
    /// no client here, whatever a broker cannot be told of that.
    static func noticeLevel(ofLog level: Int32, facility: String) -> KafkaNotice.Level {
        if facility == "AUTOCREATE" { return .debug }
        return switch level {
        case ...2: .error
        case 3, 4: facility == "FAIL" || facility == "ERROR" ? .debug : .warning
        case 5, 6: .information
        default: .debug
        }
    }
}

extension String {
    /// The text before the first NUL of a buffer that C wrote to.
    init(nulTerminated buffer: [CChar]) {
        self = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
