/// One broker of a cluster.
public struct KafkaBroker: Hashable, Sendable {
    /// Its number in the cluster.
    public let id: Int32
    /// The host name it advertises to clients.
    public let host: String
    /// The port it advertises.
    public let port: Int32
}

/// A cluster's description of itself.
public struct KafkaCluster: Hashable, Sendable {
    /// Its brokers.
    public let brokers: [KafkaBroker]
    /// The number of partitions of every topic this user may see.
    public let topics: [String: Int]
}

/// The outcome of `createTopic`.
public enum TopicCreation: Hashable, Sendable {
    /// It was not there and has been made.
    case created
    /// It was there already, with at least the partitions asked for.
    case existed(partitions: Int)
}
