internal import CRdKafka
internal import Foundation

/// The producer's poll thread, which serves delivery reports.
enum ProducerLoop {
    static func start(_ core: ProducerCore, _ handle: ClientHandle) {
        let thread = Thread {
            run(core, handle)
            core.release()
        }
        thread.name = "gloss.kafka.produce"
        thread.start()
    }

    private static func run(_ core: ProducerCore, _ handle: ClientHandle) {
        var nextLook = Deadline(after: .seconds(1))
        while !core.isClosing {
            rd_kafka_poll(handle.client, 100)
            guard core.context.isOut, nextLook.hasPassed else { continue }
            // With nothing to write the library says nowhere that a broker is back.
            if isAnswered(handle) { core.context.questionWasAnswered() }
            nextLook = Deadline(after: .seconds(1))
        }
        // Whatever is still under way gets a report now, so that no sender waits for ever. A sender that was just
        // admitted may add one more.
        let deadline = Deadline(after: .seconds(2))
        repeat {
            rd_kafka_purge(handle.client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
            rd_kafka_poll(handle.client, 10)
        } while core.outstanding > 0 && !deadline.hasPassed
    }

    /// Whether a broker answers; waits for half a second at most.
    private static func isAnswered(_ handle: ClientHandle) -> Bool {
        var answer: UnsafePointer<rd_kafka_metadata_t>?
        let response = rd_kafka_metadata(handle.client, 0, nil, &answer, 500)
        if let answer { rd_kafka_metadata_destroy(answer) }
        return response == RD_KAFKA_RESP_ERR_NO_ERROR
    }

    /// Has reports handed to the groups that wait for them.
    static func setCallback(_ configuration: OpaquePointer) {
        rd_kafka_conf_set_dr_msg_cb(configuration) { _, message, opaque in
            guard let message = message?.pointee, let group = message._private, let context = ClientContext.from(opaque)
            else { return }
            let weight = KafkaMessage.weight(keyBytes: message.key_len, valueBytes: message.len)
            let delivery = Unmanaged<DeliveryGroup>.fromOpaque(group).takeRetainedValue()
            guard message.err != RD_KAFKA_RESP_ERR_NO_ERROR else {
                context.heardFromBroker()
                delivery.ended(.success(message.offset), weight: weight)
                return
            }
            let topic = message.rkt.flatMap { rd_kafka_topic_name($0) }.map { String(cString: $0) } ?? ""
            let partition = TopicPartition(topic: topic, partition: message.partition)
            let error =
                context.fatal
                ?? context.error(message.err, couldNot: "write a record to '\(topic)'", partition: partition)
            delivery.ended(.failure(error), weight: weight)
        }
    }
}
