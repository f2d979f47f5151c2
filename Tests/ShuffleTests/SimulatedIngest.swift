import Elements
import Evidence
import Shuffle

/// The shuffle topic and what the consumer group has committed: all that outlives a process.
struct SimulatedTopic {
    let identity: ShuffleIdentity
    /// By share, the records in their order.
    var log: [[[UInt8]]]
    /// By partition of the corpus.
    var committed: [Int: Int] = [:]

    init(_ identity: ShuffleIdentity) {
        self.identity = identity
        log = Array(repeating: [], count: identity.shards)
    }
}

/// A process that reads some partitions of the corpus, step by step, so that it can be killed between any two.
struct SimulatedIngest {
    /// What is left to do of a checkpoint.
    enum Step {
        case records([ShuffleMessage])
        case marks
        case commit
    }

    private let corpus: SharedCorpus
    private let identity: ShuffleIdentity
    private let writer: UInt64
    private var combiner: IngestCombiner
    private var ledger: BlockLedger
    private(set) var next: [Int: Int] = [:]
    /// What has been read and not been counted: codes, and where their partition stands after them.
    private var underWay: [(codes: CodeBatch, fence: Fence)] = []
    private var counted: [Int: Fence] = [:]
    private var fences: [Fence] = []
    private var readings = 0
    private var steps: [Step] = []

    init(
        _ corpus: SharedCorpus, _ identity: ShuffleIdentity, writer: UInt64, partitions: [Int],
        from topic: SimulatedTopic
    ) {
        self.corpus = corpus
        self.identity = identity
        self.writer = writer
        combiner = IngestCombiner(
            reservoir: "evidence", settings: corpus.settings, coder: corpus.coder, identity: identity,
            writer: writer, limit: 200)
        ledger = BlockLedger(size: identity.block)
        for partition in partitions { begin(partition, from: topic) }
    }

    /// Reads a partition from where it was committed.
    mutating func begin(_ partition: Int, from topic: SimulatedTopic) {
        let start = topic.committed[partition] ?? 0
        readings += 1
        next[partition] = start
        counted[partition] = SharedCorpus.fence(partition, start, reading: readings)
        ledger.begin(
            SharedCorpus.partition(partition), at: Int64(start), isFirst: topic.committed[partition] == nil,
            reading: readings)
    }

    /// Somebody else reads a partition from now on; what is under way of it still comes.
    mutating func end(_ partition: Int) {
        next[partition] = nil
        counted[partition] = nil
        ledger.end(SharedCorpus.partition(partition))
    }

    /// Whether a partition has something left.
    func hasMore(_ partition: Int) -> Bool { next[partition].map { $0 < corpus.records[partition].count } ?? false }

    var isWorking: Bool { !steps.isEmpty }

    /// Reads the next record of a partition, which is counted later.
    mutating func read(_ partition: Int) {
        guard let offset = next[partition], hasMore(partition), let reading = counted[partition]?.reading else {
            return
        }
        underWay.append(
            (
                corpus.codes(partition, offset, reading: reading),
                SharedCorpus.fence(partition, offset + 1, reading: reading)
            ))
        next[partition] = offset + 1
    }

    /// Counts up to so many of the records that have been read.
    mutating func count(_ most: Int) throws {
        for (codes, fence) in underWay.prefix(most) {
            try combiner.absorb(codes)
            let partition = Int(fence.partition)
            if counted[partition].map({ fence.isAhead(of: $0) }) ?? true { counted[partition] = fence }
        }
        underWay.removeFirst(min(most, underWay.count))
    }

    /// A barrier: what has to be told of what was counted so far.
    mutating func cut() throws {
        guard steps.isEmpty else { return }
        let told = ledger
        var messages: [ShuffleMessage] = []
        try combiner.tell(isOver: { told.isOver($0) }) { [identity] record in
            messages.append(ShuffleMessage(shard: record.shard, bytes: try record.bytes(of: identity)))
        }
        fences = counted.values.sorted { $0.partition < $1.partition }
        steps = [.records(messages), .marks, .commit]
    }

    /// Takes the next step of a checkpoint; of records only so many arrive before it may be killed.
    mutating func step(into topic: inout SimulatedTopic, atMost count: Int) throws {
        guard let step = steps.first else { return }
        switch step {
        case .records(let messages):
            for message in messages.prefix(count) { topic.log[message.shard].append(message.bytes) }
            let left = Array(messages.dropFirst(count))
            if left.isEmpty { steps.removeFirst() } else { steps[0] = .records(left) }
        case .marks:
            let marks = ledger.marks(at: fences)
            for shard in 0..<identity.shards where !marks.isEmpty {
                let record = ShuffleRecord(shard: shard, reservoir: "evidence", writer: writer, body: .marks(marks))
                topic.log[shard].append(try record.bytes(of: identity))
            }
            steps.removeFirst()
        case .commit:
            ledger.acknowledge(fences)
            for fence in ledger.committable(fences) { topic.committed[Int(fence.partition)] = Int(fence.next) }
            steps.removeFirst()
        }
    }

    mutating func finish(into topic: inout SimulatedTopic) throws {
        while isWorking { try step(into: &topic, atMost: .max) }
    }
}
