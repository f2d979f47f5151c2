/// What came of records that were sent together, by their places in the list.
public struct KafkaOutcomes: Sendable {
    /// The offsets of those that were written; -1 for one that the broker does not say.
    public var offsets: [Int: Int64] = [:]
    /// Why records were refused by themselves, which were not written.
    public var refused: [Int: KafkaError] = [:]
    /// The first other error, if any: what has neither an offset nor a refusal then may have been written all the same.
    public var failure: (any Error)?
}

extension KafkaProducer {
    /// Writes many records in their order, each sent before the one before it is reported, and tells what came of each.
    ///
    /// A record that is refused by itself does not keep the others back. Since a broker refuses a batch whole, what was refused
    /// beside others is sent once more alone, after them.
    public func outcomes(of messages: [KafkaMessage]) async -> KafkaOutcomes {
        var outcomes = await attempt(messages, at: Array(messages.indices))
        guard messages.count > 1 else { return outcomes }
        // Which of a batch was refused for what it is shows only when it is alone.
        let doubtful = outcomes.refused.keys.sorted()
        outcomes.refused = [:]
        for index in doubtful where outcomes.failure == nil {
            let alone = await attempt(messages, at: [index])
            outcomes.offsets.merge(alone.offsets) { $1 }
            outcomes.refused.merge(alone.refused) { $1 }
            outcomes.failure = alone.failure
        }
        return outcomes
    }

    private func attempt(_ messages: [KafkaMessage], at places: [Int]) async -> KafkaOutcomes {
        var outcomes = KafkaOutcomes()
        var groups: [(place: Int, group: DeliveryGroup)] = []
        for place in places where outcomes.failure == nil {
            let group = DeliveryGroup(core: core)
            do {
                try await enqueue(messages[place], group)
                groups.append((place, group))
            } catch {
                outcomes.take(error, at: place)
            }
        }
        for (place, group) in groups {
            do {
                outcomes.offsets[place] = try await group.wait()
            } catch {
                outcomes.take(error, at: place)
            }
        }
        return outcomes
    }
}

extension KafkaOutcomes {
    fileprivate mutating func take(_ error: any Error, at place: Int) {
        if let error = error as? KafkaError, error.isOfRecord {
            refused[place] = error
        } else {
            failure = failure ?? error
        }
    }
}
