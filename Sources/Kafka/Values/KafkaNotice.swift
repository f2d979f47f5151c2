/// Something an operator should hear of that does not end the stream.
public struct KafkaNotice: Sendable, Hashable, CustomStringConvertible {
    /// The kind of event.
    public enum Kind: String, Sendable, Hashable {
        /// One broker can't be reached, or refused us; the client keeps trying.
        case brokerUnreachable
        /// No broker can be reached; the client keeps trying.
        case allBrokersDown
        /// A topic that is to be read is not there; it is waited for.
        case topicMissing
        /// Records or ends of partitions arrive again, or a question was answered.
        case recovered
        /// Labelling offsets for lag tools failed; the stored fence is not touched by that.
        case commitFailed
        /// A group has dealt out partitions.
        case assigned
        /// A group takes long to deal out partitions.
        case assignmentAwaited
        /// A partition answered with an error that passes by itself.
        case partitionTrouble
        /// Partitions wait because the reader is behind.
        case paused
        /// Partitions are read again.
        case resumed
        /// A line of the client library's own log.
        case log
    }

    /// Its severity.
    public enum Level: Int, Sendable, Hashable, Comparable {
        /// For looking into the client.
        case debug
        /// Worth knowing.
        case information
        /// Worth acting on if it stays.
        case warning
        /// Needs somebody to act.
        case error

        /// By severity.
        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// The kind of event.
    public let kind: Kind
    /// Its severity.
    public let level: Level
    /// One line of plain words.
    public let description: String

    /// Makes a notice.
    public init(kind: Kind, level: Level, description: String) {
        self.kind = kind
        self.level = level
        self.description = description
    }
}
