import Kafka
import Running

extension RunOptions {
    /// Passes on what an operator should hear of a node's Kafka client.
    func kafkaNotices(of node: String) -> @Sendable (KafkaNotice) -> Void {
        { [notice] in
            // Backpressure and the library's own log are for looking into the client.
            if $0.level >= .warning || $0.kind == .recovered { notice(node, $0.description) }
        }
    }
}
