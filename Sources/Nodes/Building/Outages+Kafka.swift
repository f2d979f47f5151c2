package import Kafka
package import Running

extension Outages {
    /// Passes on the notices of a node's Kafka client, or of one that has a name of its own, that an operator should hear.
    package func kafkaNotices(
        of node: String, notice: @escaping @Sendable (_ node: String, _ text: String) -> Void
    ) -> @Sendable (KafkaNotice) -> Void {
        { [self] event in
            switch event.kind {
            case .allBrokersDown, .topicMissing: failed(node, event.description)
            // A member of a group commits again with the next checkpoint.
            case .commitFailed where event.level < .warning: break
            case .brokerUnreachable, .partitionTrouble, .commitFailed: troubled(node, event.description)
            case .recovered: answered(node, event.description)
            case .assigned, .assignmentAwaited: notice(node, event.description)
            // Backpressure and the library's own log are for debugging the client.
            case .paused, .resumed: break
            case .log where event.level < .warning: break
            case .log: if isOut(node) { troubled(node, event.description) } else { notice(node, event.description) }
            }
        }
    }
}
