package import Dataflow
package import Foundation
package import Observability
import Store
import Synchronization

/// Watches a run: takes samples of what its nodes count, and writes what they say into a sheet.
package final class PipelineMeter: Sendable {
    private let progress: RunProgress
    private let watched: Mutex<[StageTimers]>
    private let lag: @Sendable () -> [SourceLag]
    private let delivered: @Sendable () -> [String: Int]
    private let elapsed: @Sendable () -> Duration
    private let history = Mutex(FlowHistory())

    /// Makes a meter of a run that starts now, and takes its first sample.
    ///
    /// - Parameters:
    ///   - lag: The records of each partition that wait to be read.
    ///   - delivered: The messages that each sink has delivered.
    package init(
        progress: RunProgress, timers: [StageTimers], lag: @escaping @Sendable () -> [SourceLag] = { [] },
        delivered: @escaping @Sendable () -> [String: Int] = { [:] }, clock: any Clock<Duration> = ContinuousClock()
    ) {
        (self.progress, self.lag, self.delivered) = (progress, lag, delivered)
        watched = Mutex(timers)
        elapsed = clock.stopwatch()
        sample()
    }

    private var timers: [StageTimers] { watched.withLock { $0 } }

    /// From now on takes samples of other timers; nodes whose timers stay go on as before.
    package func watch(_ timers: [StageTimers]) { watched.withLock { $0 = timers } }

    /// Takes a sample; asked once a second.
    package func sample() {
        let reading = progress.reading
        let sample = FlowSample(
            time: elapsed(),
            readings: Dictionary(timers.map { ($0.node, $0.reading) }, uniquingKeysWith: { first, _ in first }),
            delivered: delivered(), jobs: reading.jobDurations, calls: reading.callDurations)
        history.withLock { $0.take(sample) }
    }

    /// The sheet of a topology as its run stands.
    ///
    /// - Parameters:
    ///   - graph: The sheet of the topology alone.
    ///   - counts: What its state says.
    ///   - phase: What the daemon is about.
    ///   - date: The time now.
    package func sheet(of graph: PipelineSheet, _ counts: StoredCounts, phase: String, at date: Date) -> PipelineSheet {
        let (history, reading) = (history.withLock { $0 }, progress.reading)
        var sheet = graph
        counts.fill(&sheet)
        sheet.run = run(history, reading, phase: phase, at: date)
        let queues = Dictionary(timers.map { ($0.node, $0.queue) }, uniquingKeysWith: { first, _ in first })
        for place in sheet.nodes.indices {
            fill(&sheet.nodes[place], history, reading, at: date)
            if let queue = queues[sheet.nodes[place].id] ?? nil {
                sheet.nodes[place].queue = PipelineQueue(
                    waiting: queue.waiting, bytes: queue.bytes, capacity: queue.capacity)
            }
        }
        for place in sheet.edges.indices where sheet.edges[place].port == nil {
            sheet.edges[place].perSecond = sheet.node(sheet.edges[place].from)?.output?.perSecond
        }
        sheet.bottlenecks = Bottleneck.all(in: sheet.nodes, sheet.edges)
        return sheet
    }

    private func run(
        _ history: FlowHistory, _ reading: RunProgress.Reading, phase: String, at date: Date
    ) -> PipelineSheet.Run {
        let lag = lag()
        return PipelineSheet.Run(
            phase: phase, seconds: elapsed() / .seconds(1), span: history.seconds,
            turn: FlowHistory.turn / .seconds(1), records: reading.records, tokens: reading.tokens,
            checkpoints: reading.checkpoints,
            checkpointAge: reading.lastCheckpoint.map { max(0, date.timeIntervalSince($0)) },
            lag: lag.isEmpty ? nil : lag.reduce(0) { $0 + Int(clamping: $1.records) })
    }

    private func fill(
        _ node: inout PipelineNode, _ history: FlowHistory, _ reading: RunProgress.Reading, at date: Date
    ) {
        let id = node.id
        let sample = history.latest
        let delivered = sample?.delivered[id]
        node.input = PipelineAmount(
            total: delivered ?? sample?.readings[id]?.received ?? 0, perSecond: history.taken(by: id))
        node.output = PipelineAmount(
            total: delivered ?? sample?.readings[id]?.sent ?? 0, perSecond: history.given(by: id))
        if node.kind != .sink { node.times = history.times(of: id) }
        node.history = history.turns(of: id)
        node.away = away(node, reading, at: date)
        if node.hasJobs {
            node.jobTimes = history.jobTimes(of: id)
            node.callTimes = history.callTimes(of: node.models)
        }
        if var jobs = node.jobs {
            jobs.underWay = reading.underWay[id] ?? 0
            jobs.waiting = max(0, jobs.waiting - jobs.underWay)
            jobs.postponed = reading.postponed[id] ?? 0
            jobs.left = reading.left[id] ?? 0
            jobs.held = reading.held[id] ?? 0
            jobs.lastFailure = reading.lastFailures[id]
            node.jobs = jobs
        }
        node.state = state(of: node, hasEnded: reading.ended.contains(id))
    }

    private func away(_ node: PipelineNode, _ reading: RunProgress.Reading, at date: Date) -> PipelineAway? {
        if let since = reading.reach[node.id]?.lostAt { return PipelineAway(model: nil, since: since, at: date) }
        for model in node.models {
            guard let since = reading.servers[model]?.awaySince else { continue }
            return PipelineAway(model: model, since: since, at: date)
        }
        return nil
    }

    private func state(of node: PipelineNode, hasEnded: Bool) -> NodeState {
        if node.away != nil { return .away }
        if hasEnded { return .ended }
        if let times = node.times {
            if times.isHeldUp { return .blocked }
            return times.busy > 0 || (node.output?.perSecond ?? 0) > 0 ? .running : .idle
        }
        return (node.output?.perSecond ?? 0) > 0 ? .running : .idle
    }
}

extension PipelineAway {
    /// What is away since a date.
    package init(model: String?, since: Date, at date: Date) {
        self.init(
            model: model, since: Timestamp.text(Int64(since.timeIntervalSince1970 * 1000)),
            seconds: max(0, date.timeIntervalSince(since)))
    }
}
