internal import Dispatch

/// The way out of the cooperative pool for calls that wait on the network.
enum Blocking {
    static let queue = DispatchQueue(label: "gloss.kafka.blocking", attributes: .concurrent)

    /// Runs a blocking call on a thread of its own; bounded by the call's own timeout, not by cancellation.
    static func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws(KafkaError) -> Value
    ) async throws(KafkaError) -> Value {
        let result: Result<Value, KafkaError> = await withCheckedContinuation { continuation in
            queue.async {
                do throws(KafkaError) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}

/// A point in time that successive blocking calls share.
struct Deadline: Sendable {
    private let instant: ContinuousClock.Instant

    /// - Parameter limit: at most a day counts.
    init(after limit: Duration) { instant = .now + min(max(limit, .zero), .seconds(86_400)) }

    /// The time left; never below zero.
    var remaining: Duration { max(.zero, instant - .now) }

    /// The time left, in whole milliseconds as librdkafka takes it; 0 when it has passed.
    var milliseconds: Int32 { Int32(clamping: remaining.wholeMilliseconds) }

    var hasPassed: Bool { ContinuousClock.now >= instant }
}

extension Duration {
    /// Whole milliseconds, from 0 to about a day and never overflowing.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        if seconds < 0 || attoseconds < 0 { return 0 }
        return Int(min(seconds, 100_000)) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
