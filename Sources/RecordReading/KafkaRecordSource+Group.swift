import Elements
import Kafka
import Running

// A source of which a group deals out the partitions among several processes.

extension KafkaRecordSource {
    /// Finds out from where the partitions of an assignment are read, and has them be read.
    ///
    /// - Returns: What begins and ends by that; an empty batch if the group has dealt anew meanwhile, or reading is over.
    /// - Throws: `DaemonError` for a partition that does not hold what was told of it; `KafkaError` for what does not pass.
    func take(_ assignment: GroupAssignment) async throws -> SourceBatch {
        while !isClosed {
            do {
                let found = try await places(of: assignment.partitions, after: [])
                var readings = readings
                let change = readings.deal(
                    found.start.reduce(into: [:]) { places, start in
                        places[start.key] = GroupReadings.Place(
                            offset: start.value, isCommitted: isFenced(start.key, by: found.committed))
                    }, positions: positions)
                guard read(assignment, by: change, with: readings) else { break }
                let ended = change.ended.map { PartitionKey($0) }
                part.onEnd(ended)
                part.onStart(
                    change.begun.map { partition, place, reading in
                        KafkaPart.Start(
                            partition: PartitionKey(partition), offset: place.offset, isCommitted: place.isCommitted,
                            reading: reading)
                    })
                tell(assignment.partitions)
                return SourceBatch(
                    records: [], positions: [:],
                    begun: change.begun.map { fence(at: $0.place, $0.partition, $0.reading) }, ended: ended)
            } catch let error as KafkaError where error.isRetriable {
                // The client tells of brokers that do not answer; the group waits for this member meanwhile.
                try await clock.sleep(for: Self.retryInterval)
            }
        }
        return SourceBatch(records: [], positions: [:])
    }

    private func fence(at place: GroupReadings.Place, _ partition: TopicPartition, _ reading: Int) -> Fence {
        Fence(
            source: node, topic: partition.topic, partition: partition.partition, next: place.offset, last: nil,
            reading: reading)
    }

    private func tell(_ partitions: [TopicPartition]) {
        let names = partitions.sorted().map(\.description).joined(separator: ", ")
        onNotice(
            KafkaNotice(
                kind: .assigned, level: .information,
                description: partitions.isEmpty
                    ? "the group leaves no partition to this process: it waits for one"
                    : "reads \(names), which the group leaves to this process"))
    }
}
