/// How long each part of an end may take.
package struct ShutdownPatience: Sendable {
    /// Jobs under way after a stop, before they are cancelled and left for the next start.
    package var jobs = Duration.seconds(15)
    /// The outbox after a stop, for as long as a sink takes nothing.
    package var outboxAfterStop = Duration.seconds(5)
    /// The outbox after all is drained, for as long as a sink takes nothing.
    package var outboxAfterDrain = Duration.seconds(30)
    /// A Kafka client that is let go.
    package var kafkaClient = Duration.seconds(5)
    /// Anything else that is closed and need not be waited for; more than a Kafka client has.
    package var step = Duration.seconds(10)
    /// The process after a stop, before it exits with code 75.
    package var process = Duration.seconds(60)

    /// What every run goes by.
    package static let standard = ShutdownPatience()
}
