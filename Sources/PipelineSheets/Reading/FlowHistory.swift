package import Dataflow
package import Observability

/// What has passed through the nodes of a run at one moment.
package struct FlowSample: Sendable {
    /// When, since the run was started.
    package var time: Duration
    /// The figures of each node.
    package var readings: [String: StageTimers.Reading]
    /// Messages that each sink has delivered.
    package var delivered: [String: Int]
    /// How long attempts at jobs took since the run was started, by node.
    package var jobs: [String: DurationCounts]
    /// How long calls to models took, by the model's name.
    package var calls: [String: DurationCounts]

    /// Makes a sample.
    package init(
        time: Duration, readings: [String: StageTimers.Reading], delivered: [String: Int] = [:],
        jobs: [String: DurationCounts] = [:], calls: [String: DurationCounts] = [:]
    ) {
        (self.time, self.readings, self.delivered) = (time, readings, delivered)
        (self.jobs, self.calls) = (jobs, calls)
    }
}

/// The samples of the last minute, from which rates and shares are taken.
package struct FlowHistory: Sendable {
    /// The time that rates and shares are taken over.
    package static let span = Duration.seconds(10)
    /// One turn of a node's history.
    package static let turn = Duration.seconds(5)
    /// How many turns are told.
    package static let turns = 12

    private var samples: [FlowSample] = []

    /// Makes one without samples.
    package init() {}

    /// Takes a sample, which is later than all before it.
    package mutating func take(_ sample: FlowSample) {
        samples.append(sample)
        let oldest = sample.time - Self.turn * Self.turns
        // The one before the oldest turn is where that begins.
        while samples.count > 2, samples[1].time <= oldest { samples.removeFirst() }
    }

    /// The seconds that rates are taken over now; 0 before the second sample.
    package var seconds: Double {
        guard let (first, last) = ends else { return 0 }
        return (last.time - first.time) / .seconds(1)
    }

    /// The figures of the latest sample.
    package var latest: FlowSample? { samples.last }

    /// What a node takes in per second; `nil` before the second sample.
    package func taken(by node: String) -> Double? {
        rate { Double($0.delivered[node] ?? $0.readings[node]?.received ?? 0) }
    }

    /// What a node passes on per second; `nil` likewise.
    package func given(by node: String) -> Double? { rate { Self.given(by: node, in: $0) } }

    /// How a node spends its time; `nil` likewise, and of a node without timers.
    package func times(of node: String) -> PipelineTimes? {
        guard let (first, last) = ends, let before = first.readings[node], let after = last.readings[node] else {
            return nil
        }
        let span = last.time - first.time
        func share(_ value: KeyPath<StageTimers.Reading, Duration>) -> Double {
            max(0, (after[keyPath: value] - before[keyPath: value]) / span)
        }
        return PipelineTimes(
            busy: min(share(\.working), 1), blocked: min(share(\.blocked), 1), idle: max(0, 1 - share(\.engaged)),
            workers: share(\.busy))
    }

    /// What a node passed on per second in each whole turn, the oldest first.
    package func turns(of node: String) -> [Double] {
        guard let last = samples.last else { return [] }
        var result: [Double] = []
        for turn in (0..<Self.turns).reversed() {
            guard let from = sample(at: last.time - Self.turn * (turn + 1)),
                let to = sample(at: last.time - Self.turn * turn), to.time > from.time
            else { continue }
            let amount = Self.given(by: node, in: to) - Self.given(by: node, in: from)
            result.append(max(0, amount / ((to.time - from.time) / .seconds(1))))
        }
        return result
    }

    /// How long a node's attempts at jobs took that ended in the last minute; `nil` if none did.
    package func jobTimes(of node: String) -> PipelineDurations? { durations([node], by: \.jobs) }

    /// How long the calls to some models took that ended in the last minute; `nil` if none did.
    package func callTimes(of models: [String]) -> PipelineDurations? { durations(models, by: \.calls) }

    private func durations(_ names: [String], by kind: KeyPath<FlowSample, [String: DurationCounts]>)
        -> PipelineDurations?
    {
        guard let last = samples.last, let oldest = samples.first else { return nil }
        let first = sample(at: last.time - Self.turn * Self.turns) ?? oldest
        var all = DurationCounts()
        for name in names {
            guard let counts = last[keyPath: kind][name] else { continue }
            all.add(counts.since(first[keyPath: kind][name] ?? DurationCounts()))
        }
        guard let half = all.quantile(0.5), let most = all.quantile(0.99) else { return nil }
        return PipelineDurations(count: all.total, p50: half, p99: most)
    }

    /// The samples at both ends of the span.
    private var ends: (first: FlowSample, last: FlowSample)? {
        guard let last = samples.last, let oldest = samples.first else { return nil }
        let first = sample(at: last.time - Self.span) ?? oldest
        return first.time < last.time ? (first, last) : nil
    }

    /// The latest sample that is not later than a time; `nil` if all are.
    private func sample(at time: Duration) -> FlowSample? { samples.last { $0.time <= time } }

    private func rate(_ amount: (FlowSample) -> Double) -> Double? {
        guard let (first, last) = ends else { return nil }
        return max(0, (amount(last) - amount(first)) / ((last.time - first.time) / .seconds(1)))
    }

    private static func given(by node: String, in sample: FlowSample) -> Double {
        Double(sample.delivered[node] ?? sample.readings[node]?.sent ?? 0)
    }
}
