extension HeaderReader {
    static let shuffleFields: [FieldSchema] = [
        .required("brokers", .string, "Addresses of brokers, `host:port`, separated by commas."),
        .required("topic", .string, "The topic; it must have as many partitions as there are `shards`."),
        .required(
            "shards", .integer(1...1024),
            "The shares that latents are parted into: the most processes that can own some. It cannot change later."),
        .optional(
            "block", .integer(1...1_048_576), default: "256",
            "The offsets of a partition of the corpus that are counted together, and read again after a kill."),
        .optional(
            "lag", .integer(1...1_000_000_000), default: "10000",
            "The records that may wait in a partition of the topic before those that read the corpus wait too."),
        .optional("librdkafka", .settings, "Settings handed to librdkafka, except those that are Gloss' own."),
    ]

    /// Reads `shuffle`; `nil` if it is faulty.
    func shuffle(_ entry: MarkedEntry, into findings: inout Findings) -> ShuffleSettings? {
        guard let entries = entry.value.entries else {
            findings.add(
                .wrongType, at: entry.value.mark,
                "`shuffle` must be a mapping such as `{ brokers: \"127.0.0.1:9092\", topic: NAME, shards: 8 }`"
                    + "\(entry.value.contrast)")
            return nil
        }
        let owner = FieldOwner(name: "`shuffle`", mark: entry.mark, unknown: .unknownKey, missing: .missingKey)
        let fields = reader.read(entries, by: Self.shuffleFields, others: [], owner: owner, into: &findings)
        guard case .text(let brokers) = fields.values["brokers"], case .text(let topic) = fields.values["topic"],
            case .integer(let shards) = fields.values["shards"], case .integer(let block) = fields.values["block"],
            case .integer(let lag) = fields.values["lag"]
        else { return nil }
        var settings: [String: SettingValue] = [:]
        if case .settings(let given) = fields.values["librdkafka"] { settings = given }
        return ShuffleSettings(
            brokers: brokers, topic: topic, shards: shards, block: block, lag: lag, settings: settings,
            mark: entry.mark)
    }
}
