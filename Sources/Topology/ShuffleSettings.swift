/// How the processes of a topology share its work: the topic by which those that read the corpus tell the owners of shares.
public struct ShuffleSettings: Sendable {
    /// Addresses of brokers, separated by commas.
    public let brokers: String
    /// The topic; it has as many partitions as there are shards.
    public let topic: String
    /// The shares that latents are parted into.
    public let shards: Int
    /// The offsets of the corpus that are counted together.
    public let block: Int
    /// The records of a partition of the topic that may wait before those that read the corpus wait too.
    public let lag: Int
    /// Settings for librdkafka.
    public let settings: [String: SettingValue]
    /// The place of the section in the file.
    public let mark: SourceMark

    /// Makes settings.
    public init(
        brokers: String, topic: String, shards: Int, block: Int, lag: Int, settings: [String: SettingValue],
        mark: SourceMark
    ) {
        self.brokers = brokers
        self.topic = topic
        self.shards = shards
        self.block = block
        self.lag = lag
        self.settings = settings
        self.mark = mark
    }
}
