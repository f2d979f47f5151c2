/// The brokers to talk to, and the settings for that.
public struct KafkaSettings: Sendable, Hashable {
    /// Addresses, `host:port`, separated by commas.
    public var brokers: String
    /// Settings handed to librdkafka unchanged, by its own names; secrets such as `sasl.password` included, so never print them.
    public var settings: [String: String]

    /// Makes settings.
    public init(brokers: String, settings: [String: String] = [:]) {
        self.brokers = brokers
        self.settings = settings
    }

    /// The reason why the user may not give a librdkafka setting; `nil` if the user may.
    public static func reservedReason(for key: String) -> String? {
        if let reason = reservedNames[key] { return reason }
        return reservedPrefixes.first { key.hasPrefix($0.prefix) }?.reason
    }

    private static let reservedNames = [
        "allow.auto.create.topics": "reading a topic must not make it",
        "auto.commit.enable": "offsets are stored with the evidence, in one transaction",
        "auto.offset.reset": "where to start is decided by the stored fence; use 'start:'",
        "bootstrap.servers": "use 'brokers:'",
        "metadata.broker.list": "use 'brokers:'",
        "delivery.report.only.error": "the delivery of every record is awaited",
        "enable.idempotence": "always on, so that a retry cannot write a record twice",
        "enable.partition.eof": "always on, so that the end of a partition is known",
        "isolation.level": "always read_committed, so that aborted records are never counted",
        "partition.assignment.strategy": "partitions are assigned by Gloss itself",
        "plugin.library.paths": "loading code into the daemon is not allowed",
        "transactional.id": "records are written without transactions; repeats are told by their deduplication key",
        "log.queue": "the client's log goes through Gloss' own",
    ]

    private static let reservedPrefixes: [(prefix: String, reason: String)] = [
        ("enable.auto.", "offsets are stored with the evidence, in one transaction"),
        ("group.", "use 'group:'"),
        ("test.mock.", "start the separate program kafka-mock instead"),
    ]
}

extension KafkaSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Whether a setting's value is a secret: to be taken from a secret's place only, and never shown.
    public static func isSecret(_ key: String) -> Bool {
        key.hasSuffix("password") || key.hasSuffix("secret") || key.hasSuffix("passphrase") || key.hasSuffix("key.pem")
            || key == "sasl.oauthbearer.config"
    }

    /// The brokers and settings, with secrets left out.
    public var description: String {
        let shown = settings.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.isSecret($0.key) ? "…" : $0.value)" }
        return ([brokers] + shown).joined(separator: " ")
    }

    /// The same as `description`, so that a debugger or a log shows no secret either.
    public var debugDescription: String { description }

    /// Nothing but `description`, for the same reason.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
