import Elements
import Kafka
import Store

/// A partition that a source reads; two sources may read topics of one name at different brokers.
struct ReplayPlace: Sendable, Hashable {
    let source: String
    let partition: TopicPartition
}

extension RecordPosition {
    /// The partition that the record is of.
    var replayPlace: ReplayPlace {
        ReplayPlace(source: source, partition: TopicPartition(topic: topic, partition: partition))
    }
}

extension KafkaReplayWorld {
    /// The letters in their order, in runs of at most one for each place.
    static func rounds(of letters: [StoredDeadLetter]) -> [[StoredDeadLetter]] {
        var rounds: [[StoredDeadLetter]] = []
        var places: Set<ReplayPlace> = []
        for letter in letters {
            let place = letter.letter.position.replayPlace
            if places.insert(place).inserted, !rounds.isEmpty {
                rounds[rounds.count - 1].append(letter)
            } else {
                rounds.append([letter])
                places = [place]
            }
        }
        return rounds
    }

    /// The ends of all partitions that letters are of.
    func marks(of letters: [StoredDeadLetter]) async throws -> [ReplayPlace: Watermarks] {
        var marks: [ReplayPlace: Watermarks] = [:]
        for (name, (source, offsets)) in reached(by: letters) {
            for (partition, mark) in try await source.consumer.watermarks(of: offsets.keys.sorted()) {
                marks[ReplayPlace(source: name, partition: partition)] = mark
            }
        }
        return marks
    }

    /// The records at the places of letters, of which each is of another place; what is no longer held is left out.
    func records(
        of letters: [StoredDeadLetter], within marks: [ReplayPlace: Watermarks]
    ) async throws -> [ReplayPlace: KafkaRecord] {
        var records: [ReplayPlace: KafkaRecord] = [:]
        for (name, (source, offsets)) in reached(by: letters) {
            var held: [TopicPartition: Watermarks] = [:]
            for partition in offsets.keys {
                held[partition] = marks[ReplayPlace(source: name, partition: partition)]
            }
            for (partition, record) in try await source.consumer.records(at: offsets, within: held) {
                records[ReplayPlace(source: name, partition: partition)] = record
            }
        }
        return records
    }

    /// By source the partitions that letters are of, each with the offset of the last of them.
    private func reached(
        by letters: [StoredDeadLetter]
    ) -> [String: (source: ReplaySource, offsets: [TopicPartition: Int64])] {
        var reached: [String: (source: ReplaySource, offsets: [TopicPartition: Int64])] = [:]
        for letter in letters {
            let position = letter.letter.position
            guard case .success(let source) = sources.source(of: position) else { continue }
            var offsets = reached[position.source]?.offsets ?? [:]
            offsets[position.replayPlace.partition] = position.offset
            reached[position.source] = (source, offsets)
        }
        return reached
    }
}
