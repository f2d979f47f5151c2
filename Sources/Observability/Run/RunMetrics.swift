import CoreMetrics
package import Dataflow
package import Elements
package import Foundation
import Synchronization

/// The metrics of a run in Prometheus' terms, brought up to date whenever they are asked for.
package final class RunMetrics: Sendable {
    private struct Series: Hashable {
        let name: String
        let labels: [String]
    }

    private struct Work: Hashable {
        var busy = Duration.zero
        var batches = 0
    }

    private struct Scored: Hashable {
        let node: String
        let explainedBy: String
        let coder: String
        let latent: Int

        init(_ score: Score) {
            (node, explainedBy) = (score.node, score.explainedBy)
            (coder, latent) = (score.coder.name, score.latent)
        }
    }

    /// The topology that runs.
    package let configuration: RunningConfiguration
    let topology: String
    /// The hash of the configuration that is shown.
    let shownDigest = Mutex<String?>(nil)
    let factory: PrometheusMetricsFactory
    let progress: RunProgress
    private let counted = Mutex<Set<Scored>>([])
    /// The totals added to counters so far: swift-metrics counters take increments, not totals.
    private let told = Mutex<[Series: Double]>([:])
    /// The work that each node had done when it was last seen to have done more, and when that was.
    private let lastSeen = Mutex<[String: (work: Work, seen: Date)]>([:])
    /// By what they tell of, the gauges that were shown, by name and labels: what is not told of any more is taken out.
    private let shown = Mutex<[Shown: [Series: any MeterHandler]]>([:])

    /// What gauges tell of that come and go together.
    enum Shown: Hashable {
        /// The state.
        case state
        /// The records that wait: a partition may be read by another process from some moment on, and must not count twice.
        case lag
    }

    /// Makes metrics of a run.
    ///
    /// - Parameters:
    ///   - version: The version of the program.
    ///   - topology: The topology's name.
    ///   - digest: A digest of the topology as it was loaded.
    package init(progress: RunProgress, version: String, topology: String, digest: String) {
        self.progress = progress
        self.topology = topology
        configuration = RunningConfiguration(digest: digest)
        factory = PrometheusMetricsFactory(
            help: MetricHelp.byName,
            buckets: MetricBuckets.byName)
        gauge("gloss_build_info", [("version", version)], 1)
        updateConfiguration()
        gauge("process_start_time_seconds", [], Date().timeIntervalSince1970.rounded())
    }

    /// Counts a score's value under its method; controls are left out.
    ///
    /// Only the first score of a latent by each node of a process counts; with later rounds and challengers it would
    /// weigh more.
    package func scored(_ scores: [Score]) {
        for score in scores where score.control == nil {
            guard let value = score.headline?.value, counted.withLock({ $0.insert(Scored(score)).inserted }) else {
                continue
            }
            factory.makeRecorder(label: "gloss_score", dimensions: [("method", score.method)], aggregate: true)
                .record(value)
        }
    }

    /// Tells how often a checkpoint is asked for.
    package func checkpoints(every interval: Duration) {
        gauge("gloss_checkpoint_interval_seconds", [], interval.inSeconds)
    }

    /// Counts a checkpoint that is on disk, and how long after it was asked for.
    package func checkpointed(after delay: Duration) {
        time("gloss_checkpoint_delay_seconds", [], delay)
    }

    /// The sources and sinks that do not reach what they depend on, by node.
    package var unreachable: [(node: String, reach: Reach)] {
        progress.reading.reach.filter { $0.value.lostAt != nil }.sorted { $0.key < $1.key }
            .map { (node: $0.key, reach: $0.value) }
    }

    /// The models whose servers are away, and since when.
    package var away: [(model: String, since: Date)] {
        progress.reading.servers.sorted { $0.key < $1.key }
            .compactMap { model, server in server.awaySince.map { (model: model, since: $0) } }
    }

    /// All metrics as text; `figures` is what was last read from the state.
    package func render(
        timers: [(type: String, timers: StageTimers)], lag: [SourceLag] = [], figures: StateFigures? = nil
    ) -> String {
        updateConfiguration()
        let counts = progress.reading
        let types = Dictionary(timers.map { ($0.timers.node, $0.type) }) { first, _ in first }
        total("gloss_records_total", [], counts.records)
        for (code, number) in counts.rejected { total("gloss_dlq_records_total", [("code", code)], number) }
        total("gloss_records_ahead_total", [], counts.ahead)
        total("gloss_shuffle_repeated_total", [], counts.repeated)
        total("gloss_tokens_processed_total", [], counts.tokens)
        total("gloss_tokens_sampled_total", [], counts.tokensSampled)
        total("gloss_checkpoints_total", [], counts.checkpoints)
        for (node, number) in counts.explanations {
            total("gloss_jobs_total", [("component_id", node), ("kind", "explain"), ("outcome", "done")], number)
        }
        for (node, number) in counts.copies {
            total("gloss_copied_answers_total", [("component_id", node)], number)
        }
        for (node, number) in counts.scores {
            total("gloss_jobs_total", [("component_id", node), ("kind", "score"), ("outcome", "done")], number)
        }
        for (outcome, number) in counts.choices {
            total("gloss_explained_again_total", [("outcome", outcome)], number)
        }
        for (node, number) in counts.failures {
            // The type of a node is the kind of its jobs.
            let kind = types[node] ?? "any"
            total("gloss_jobs_total", [("component_id", node), ("kind", kind), ("outcome", "failed")], number)
        }
        for (node, number) in counts.waiting { gauge("gloss_jobs_waiting", [("component_id", node)], Double(number)) }
        for (node, number) in counts.held { gauge("gloss_jobs_held", [("component_id", node)], Double(number)) }
        for (node, number) in counts.postponed {
            gauge("gloss_jobs_postponed", [("component_id", node)], Double(number))
        }
        for (node, number) in counts.left { gauge("gloss_jobs_left", [("component_id", node)], Double(number)) }
        for (model, server) in counts.servers {
            gauge("gloss_server_reachable", [("model", model)], server.awaySince == nil ? 1 : 0)
            gauge(
                "gloss_server_away_seconds", [("model", model)],
                max(0, -(server.awaySince?.timeIntervalSinceNow ?? 0)))
        }
        for (node, reach) in counts.reach {
            gauge(
                "gloss_broker_reachable", [("component_id", node), ("role", reach.role.rawValue)],
                reach.lostAt == nil ? 1 : 0)
        }
        if let time = counts.lastCheckpoint {
            gauge("gloss_checkpoint_age_seconds", [], max(0, -time.timeIntervalSinceNow))
        }
        if let time = counts.lastProgress {
            gauge("gloss_last_progress_timestamp_seconds", [], time.timeIntervalSince1970)
        }
        gauge("gloss_ingesting", [], counts.isIngesting ? 1 : 0)
        for (type, timers) in timers { update(timers, type: type) }
        if let figures { show(figures) }
        replace(
            .lag,
            by: lag.map { lag in
                (
                    "gloss_kafka_consumer_lag", [("partition", String(lag.partition)), ("topic", lag.topic)],
                    Double(lag.records)
                )
            })
        for (part, bytes) in progress.memory.reading {
            gauge("gloss_memory_held_bytes", [("part", part.rawValue)], Double(bytes))
        }
        if progress.memory.budget > 0 { gauge("gloss_memory_budget_bytes", [], Double(progress.memory.budget)) }
        for (node, sample) in counts.samples {
            gauge("gloss_reservoir_sample", [("component_id", node)], Double(sample))
        }
        let usage = ProcessUsage.now
        gauge("process_resident_memory_bytes", [], Double(usage.residentBytes))
        total("process_cpu_seconds_total", [], usage.processorSeconds)
        return factory.render()
    }

    private func update(_ timers: StageTimers, type: String) {
        let labels = [("component_id", timers.node), ("component_type", type)]
        let reading = timers.reading
        let spans = [("busy", reading.busy), ("starved", reading.starved), ("blocked", reading.blocked)]
        for (state, span) in spans {
            total("gloss_component_\(state)_seconds_total", labels, span.inSeconds)
        }
        total("gloss_component_sent_batches_total", labels, reading.batches)
        total("gloss_component_sent_bytes_total", labels, reading.bytes)
        let work = Work(busy: reading.busy, batches: reading.batches)
        let seen = lastSeen.withLock { known -> Date? in
            if work != known[timers.node]?.work, work != Work() { known[timers.node] = (work, Date()) }
            return known[timers.node]?.seen
        }
        if let seen {
            gauge("gloss_component_last_progress_timestamp_seconds", labels, seen.timeIntervalSince1970)
        }
    }

    /// Shows gauges in place of those that told of the same before.
    func replace(_ subject: Shown, by gauges: [(name: String, labels: [(String, String)], value: Double)]) {
        shown.withLock { all in
            let shown = all[subject] ?? [:]
            var kept: [Series: any MeterHandler] = [:]
            for (name, labels, value) in gauges {
                let series = Series(name: name, labels: labels.flatMap { [$0.0, $0.1] })
                let handler = kept[series] ?? shown[series] ?? factory.makeMeter(label: name, dimensions: labels)
                handler.set(value)
                kept[series] = handler
            }
            for (series, handler) in shown where kept[series] == nil { factory.destroyMeter(handler) }
            all[subject] = kept
        }
    }

    func time(_ name: String, _ labels: [(String, String)], _ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        factory.makeTimer(label: name, dimensions: labels)
            .recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    func gauge(_ name: String, _ labels: [(String, String)], _ value: Double) {
        factory.makeMeter(label: name, dimensions: labels).set(value)
    }

    private func total(_ name: String, _ labels: [(String, String)], _ value: Int) {
        total(name, labels, Double(value))
    }

    private func total(_ name: String, _ labels: [(String, String)], _ value: Double) {
        let series = Series(name: name, labels: labels.flatMap { [$0.0, $0.1] })
        let added = told.withLock { told in
            defer { told[series] = max(value, told[series] ?? 0) }
            return value - (told[series] ?? 0)
        }
        factory.makeFloatingPointCounter(label: name, dimensions: labels).increment(by: max(0, added))
    }
}

/// The number of records of a partition that wait to be read.
package struct SourceLag: Sendable, Hashable {
    package let topic: String
    package let partition: Int32
    package let records: Int64

    package init(topic: String, partition: Int32, records: Int64) {
        self.topic = topic
        self.partition = partition
        self.records = records
    }
}
