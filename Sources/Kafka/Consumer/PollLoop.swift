internal import CRdKafka
internal import Foundation

/// The consumer's poll thread: the only one that polls, assigns, pauses, resumes and commits.
struct PollLoop {
    private static let pollInterval: Int32 = 100

    private let core: ConsumerCore
    private let handle: ClientHandle
    private var decoder = MessageDecoder()
    private var watch = DealingWatch()

    private init(core: ConsumerCore, handle: ClientHandle) {
        self.core = core
        self.handle = handle
    }

    static func start(_ core: ConsumerCore, _ handle: ClientHandle) {
        let thread = Thread {
            var loop = PollLoop(core: core, handle: handle)
            loop.run()
            core.release()
        }
        thread.name = "gloss.kafka.poll"
        thread.start()
    }

    private mutating func run() {
        while let work = core.nextWork() {
            perform(work)
            commit(core.nextCommits())
            core.accept(poll(), generation: work.generation)
            if let error = core.context.fatal { core.fail(error) }
            if watch.isTime(isWaiting: core.waitsForGroup) { tellOfWaiting() }
        }
        commitBeforeClosing()
    }

    private func perform(_ work: ConsumerBuffer.Work) {
        if let topics = work.subscription {
            let any = topics.map { TopicPartition(topic: $0, partition: -1) }
            check(PartitionList(any).pass { rd_kafka_subscribe(handle.client, $0) }, "join the group")
        }
        if !work.resume.isEmpty {
            core.context.notice(.resumed, .debug, "reads \(Self.names(work.resume)) again, the reader has caught up")
            check(
                PartitionList(work.resume).pass { rd_kafka_resume_partitions(handle.client, $0) }, "resume partitions")
        }
        if let assignment = work.assignment {
            check(PartitionList(assignment).pass { rd_kafka_assign(handle.client, $0) }, "assign partitions")
        }
        if !work.pause.isEmpty {
            check(PartitionList(work.pause).pass { rd_kafka_pause_partitions(handle.client, $0) }, "pause partitions")
            core.context.notice(.paused, .debug, "pauses \(Self.names(work.pause)), the reader is behind")
        }
    }

    private func tellOfWaiting() {
        core.context.notice(
            .assignmentAwaited, .warning,
            "waits for its group to deal out partitions since \(DealingWatch.limit.components.seconds) s; brokers begin anew "
                + "with each process that comes or goes, and give up one that was killed after 'session.timeout.ms', or "
                + "'max.poll.interval.ms' if they were dealing out, some after twice as long; if it lasts, "
                + "docs/several-processes.md tells how to read without a group")
    }

    private static func names(_ partitions: [TopicPartition]) -> String {
        partitions.map(\.description).joined(separator: ", ")
    }

    private func check(_ response: rd_kafka_resp_err_t, _ action: String) {
        guard response != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
        core.fail(core.context.error(response, couldNot: action))
    }

    /// Waits a moment for a message, then takes what else is there, up to a batch.
    private mutating func poll() -> [ConsumerBuffer.Arrival] {
        var arrivals: [ConsumerBuffer.Arrival] = []
        var bytes = 0
        var message = rd_kafka_consumer_poll(handle.client, Self.pollInterval)
        while let pointer = message {
            switch decoder.decode(consuming: pointer) {
            case .arrival(let arrival):
                bytes += arrival.byteCount
                arrivals.append(arrival)
            case .trouble(let response, let detail, let partition):
                handleTrouble(response, detail, partition)
            }
            if bytes >= core.limits.batchBytes || arrivals.count >= core.limits.batchRecords { break }
            message = rd_kafka_consumer_poll(handle.client, 0)
        }
        if !arrivals.isEmpty { core.context.heardFromBroker() }
        return arrivals
    }

    private func handleTrouble(_ response: rd_kafka_resp_err_t, _ detail: String, _ partition: TopicPartition?) {
        let offset = partition.flatMap { core.fence(of: $0) }
        let place = partition.map { "\($0)" + (offset.map { " at offset \($0)" } ?? "") } ?? "the assigned partitions"
        let error = core.context.error(
            response, couldNot: "read \(place)", detail: detail, partition: partition, offset: offset)
        // An error that names no partition is about a connection or the group's coordinator: reading goes on or comes back.
        if error.isRetriable || (partition == nil && !error.isFatal) {
            core.context.notice(.partitionTrouble, .warning, error.description)
        } else {
            core.fail(error)
        }
    }

    private func commit(_ offsets: [TopicPartition: Int64]) {
        guard !offsets.isEmpty else { return }
        core.context.commitStarted()
        let response = PartitionList(offsets).pass { rd_kafka_commit(handle.client, $0, 1) }
        if response != RD_KAFKA_RESP_ERR_NO_ERROR { core.context.commitEnded(response) }
    }

    /// Gives the last labels half of the closing time to arrive.
    private func commitBeforeClosing() {
        let deadline = Deadline(after: min(core.closingTime, .seconds(86_400)) / 2)
        repeat {
            commit(core.nextCommits())
            guard core.context.commitsOutstanding > 0 else { return }
            if let message = rd_kafka_consumer_poll(handle.client, min(50, deadline.milliseconds)) {
                rd_kafka_message_destroy(message)
            }
        } while !deadline.hasPassed
    }
}
