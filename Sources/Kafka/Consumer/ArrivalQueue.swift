import DequeModule

/// The records polled and not yet read, first in first out, with their weight.
struct ArrivalQueue {
    private var arrivals: Deque<ConsumerBuffer.Arrival> = []
    private(set) var byteCount = 0

    var isEmpty: Bool { arrivals.isEmpty }

    mutating func append(_ arrival: ConsumerBuffer.Arrival) {
        arrivals.append(arrival)
        byteCount += arrival.byteCount
    }

    /// Takes from the front until the batch is full; at least one arrival, if there is one.
    mutating func removeBatch(maximumBytes: Int, maximumRecords: Int) -> KafkaBatch {
        var records: [KafkaRecord] = []
        var positions: [TopicPartition: Int64] = [:]
        var weight = 0
        while let arrival = arrivals.first {
            let next = arrival.byteCount
            if !records.isEmpty, weight + next > maximumBytes || records.count >= maximumRecords { break }
            switch arrival {
            case .record(let record):
                records.append(record)
                positions[record.topicPartition] = record.offset + 1
            case .end(let partition, let offset):
                positions[partition] = offset
            }
            weight += next
            arrivals.removeFirst()
        }
        byteCount -= weight
        return KafkaBatch(records: records, positions: positions)
    }
}

extension ConsumerBuffer.Arrival {
    /// Its weight in the buffer, in bytes.
    var byteCount: Int {
        switch self {
        case .record(let record): record.byteCount
        case .end: KafkaRecord.overhead
        }
    }
}
