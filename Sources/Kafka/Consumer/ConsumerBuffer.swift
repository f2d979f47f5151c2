/// Decides what the poll thread and the reader of a consumer do next; does nothing itself.
///
/// Above `maximumBytes` the partitions that have delivered are paused, at or under `resumeBytes` they are resumed.
/// A partition that has not delivered since it was assigned is never paused: pausing at once after assigning can make
/// librdkafka forget the offset it was to start from. It is paused as soon as it delivers.
struct ConsumerBuffer {
    /// The poll thread's tasks before it polls again, in this order: subscribe, resume, assign, pause.
    struct Work: Equatable {
        var subscription: [String]?
        var resume: [TopicPartition] = []
        var assignment: [TopicPartition: Int64]?
        var pause: [TopicPartition] = []
        /// To be handed back with the messages polled after this.
        var generation = 0
    }

    /// The outcome of a poll.
    enum Arrival: Equatable {
        case record(KafkaRecord)
        /// The end of a partition: everything before the offset has been delivered or is not for us.
        case end(TopicPartition, Int64)
    }

    /// The reader's next step.
    enum Taken {
        case batch(KafkaBatch, wakesPoller: Bool)
        case nothing
        case finished
        case failed(KafkaError)
    }

    enum Ending {
        case finished
        case failed(KafkaError)
    }

    private let limits: ConsumerLimits
    private var arrivals = ArrivalQueue()
    private var isThrottled = false
    private var paused: Set<TopicPartition> = []
    private var started: Set<TopicPartition> = []
    var pendingAssignment: [TopicPartition: Int64]?
    private var generation = 0
    private(set) var ending: Ending?
    var dealing = Dealing()

    /// The next offset wanted from the broker, per partition; anything below is dropped.
    private(set) var fences: [TopicPartition: Int64] = [:]
    /// The next offset the reader has not been given, per partition.
    private(set) var positions: [TopicPartition: Int64] = [:]

    init(limits: ConsumerLimits) { self.limits = limits }

    /// The weight of the records polled and not yet read.
    var byteCount: Int { arrivals.byteCount }

    /// Replaces the assignment; records buffered for the former one are forgotten.
    ///
    /// - Returns: the error that ended the sequence, after which nothing can be assigned.
    mutating func assign(_ offsets: [TopicPartition: Int64]) -> KafkaError? {
        switch ending {
        case .failed(let error): return error
        case .finished: return .closed("consumer")
        case nil: break
        }
        begin(offsets)
        return nil
    }

    /// Forgets what has been polled and not been read.
    mutating func forget() {
        arrivals = ArrivalQueue()
        isThrottled = false
        started = []
        generation += 1
    }

    /// Reads these partitions and no others from now on.
    mutating func begin(_ offsets: [TopicPartition: Int64]) {
        forget()
        fences = offsets
        positions = offsets
        pendingAssignment = offsets
    }

    mutating func nextWork() -> Work {
        var work = Work(generation: generation)
        work.subscription = dealing.subscription
        dealing.subscription = nil
        work.assignment = pendingAssignment
        pendingAssignment = nil
        if isThrottled {
            work.pause = started.subtracting(paused).sorted()
            paused.formUnion(work.pause)
        } else {
            work.resume = paused.sorted()
            paused = []
        }
        return work
    }

    /// Takes in polled records; drops those of a former assignment and those below the fence.
    mutating func accept(_ arrived: [Arrival], generation: Int) {
        guard generation == self.generation, ending == nil else { return }
        for arrival in arrived {
            switch arrival {
            case .record(let record):
                let partition = record.topicPartition
                guard let fence = fences[partition], record.offset >= fence else { continue }
                let next = record.offset.addingReportingOverflow(1)
                guard !next.overflow else { continue }
                fences[partition] = next.partialValue
                started.insert(partition)
            case .end(let partition, let offset):
                guard let fence = fences[partition], offset > fence else { continue }
                fences[partition] = offset
            }
            arrivals.append(arrival)
        }
        if byteCount >= limits.maximumBytes { isThrottled = true }
    }

    /// Gives the reader up to a batch; buffered records come before an error.
    mutating func take() -> Taken {
        if let assignment = dealing.untold, ending == nil {
            dealing.untold = nil
            return .batch(KafkaBatch(records: [], positions: [:], assignment: assignment), wakesPoller: false)
        }
        if arrivals.isEmpty {
            switch ending {
            case .failed(let error): return .failed(error)
            case .finished: return .finished
            case nil: return .nothing
            }
        }
        let batch = arrivals.removeBatch(maximumBytes: limits.batchBytes, maximumRecords: limits.batchRecords)
        positions.merge(batch.positions) { $1 }
        let wasThrottled = isThrottled
        if byteCount <= limits.resumeBytes { isThrottled = false }
        return .batch(batch, wakesPoller: wasThrottled && !isThrottled)
    }

    /// Ends the sequence after the buffered records, and has the poll thread stop fetching.
    mutating func fail(_ error: KafkaError) {
        guard ending == nil else { return }
        ending = .failed(error)
        pendingAssignment = [:]
    }

    /// Ends the sequence at once; buffered records will be read again from the fence.
    mutating func finish() {
        arrivals = ArrivalQueue()
        if ending == nil { ending = .finished }
    }
}
