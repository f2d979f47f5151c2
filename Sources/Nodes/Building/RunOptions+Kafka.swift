import Kafka
import Running

extension RunOptions {
    /// Passes on the notices of a node's Kafka client that an operator should see.
    func kafkaNotices(of node: String) -> @Sendable (KafkaNotice) -> Void {
        { [notice, warning] in
            // Backpressure and the library's own log are for debugging the client.
            if $0.level >= .warning {
                warning(node, $0.description)
            } else if $0.kind == .recovered {
                notice(node, $0.description)
            }
        }
    }
}
