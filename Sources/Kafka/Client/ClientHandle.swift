internal import CRdKafka
internal import Foundation

/// Owns one librdkafka client and its wake-up queue.
///
/// Whoever calls into the client holds the handle meanwhile; when the last holder lets go, the client is destroyed on a
/// thread of its own, because destroying waits for the library's threads.
///
/// `@unchecked Sendable`: both pointers are constant, and librdkafka's client and queue functions may be called from any thread.
final class ClientHandle: @unchecked Sendable {
    let client: OpaquePointer
    let context: ClientContext
    /// Fulfilled when the client is gone.
    let destroyed: Completion
    private let wakeup: OpaquePointer?
    private let hasPollThread: Bool
    private let isMember: Bool

    /// - Parameters:
    ///   - configuration: taken over, also when this throws.
    ///   - hasPollThread: whether some thread serves callbacks by polling; else `serveCallbacks` does.
    ///   - isMember: whether it joins its group, which it then leaves when it is destroyed.
    init(
        _ kind: rd_kafka_type_t, configuration: OpaquePointer, context: ClientContext, hasPollThread: Bool = true,
        isMember: Bool = false
    ) throws(KafkaError) {
        var words = [CChar](repeating: 0, count: 512)
        guard let client = rd_kafka_new(kind, configuration, &words, words.count) else {
            rd_kafka_conf_destroy(configuration)
            throw .invalid("librdkafka refused its settings: \(String(nulTerminated: words))")
        }
        self.client = client
        self.context = context
        self.hasPollThread = hasPollThread
        self.isMember = isMember
        destroyed = Completion()
        rd_kafka_set_log_queue(client, nil)
        if kind == RD_KAFKA_CONSUMER {
            rd_kafka_poll_set_consumer(client)
            wakeup = rd_kafka_queue_get_consumer(client)
        } else {
            wakeup = rd_kafka_queue_get_main(client)
        }
    }

    /// Makes a poll that waits, or the next one, return at once.
    func wake() {
        if let wakeup { rd_kafka_queue_yield(wakeup) }
    }

    /// Runs waiting callbacks, so that the context knows what the library last said.
    ///
    /// Nothing if a thread polls.
    func serveCallbacks() {
        guard !hasPollThread else { return }
        if let message = rd_kafka_consumer_poll(client, 0) { rd_kafka_message_destroy(message) }
    }

    deinit {
        let remains = Remains(
            client: client, wakeup: wakeup, isMember: isMember, context: context, destroyed: destroyed)
        Thread.detachNewThread { remains.destroy() }
    }

    /// The pointers that the destroying thread takes over from the handle.
    ///
    /// `@unchecked Sendable`: handed over once, to the only user left.
    private struct Remains: @unchecked Sendable {
        let client: OpaquePointer
        let wakeup: OpaquePointer?
        let isMember: Bool
        let context: ClientContext
        let destroyed: Completion

        func destroy() {
            if let wakeup { rd_kafka_queue_destroy(wakeup) }
            withExtendedLifetime(context) {
                // Others get its partitions at once, and not when its session has run out.
                if isMember { rd_kafka_consumer_close(client) }
                // Else there is no membership to leave, and closing would wait for a coordinator that may be down.
                rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
            }
            destroyed.fulfil()
        }
    }
}
