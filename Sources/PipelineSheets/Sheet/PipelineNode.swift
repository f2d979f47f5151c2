/// A node of a topology, and what it is about if a daemon runs it.
package struct PipelineNode: Sendable, Hashable, Codable {
    /// The section of the file that a node stands in.
    package enum Kind: String, Sendable, Hashable, Codable {
        case source, stage, sink
    }

    /// The id.
    package var id: String
    /// Its section in the file.
    package var kind: Kind
    /// The word after `type:`.
    package var type: String
    /// The explainer or method, where the type has several.
    package var variant: String?
    /// What it reads: nodes, or their ports as `node.port`.
    package var inputs: [String]
    /// The models that it names, by their names in the topology.
    package var models: [String]
    /// Whether its work is kept as jobs.
    package var hasJobs: Bool
    /// What is counted of what it gives, such as `tokens`; `nil` of a sink.
    package var unit: String?

    /// What it is about; `nil` if no daemon tells.
    package var state: NodeState?
    /// What it takes in; `nil` likewise.
    package var input: PipelineAmount?
    /// What it passes on; `nil` likewise.
    package var output: PipelineAmount?
    /// How it spends its time; `nil` likewise, and of a sink.
    package var times: PipelineTimes?
    /// What waits before it; `nil` likewise, and of a source.
    package var queue: PipelineQueue?
    /// Its jobs; `nil` of a node that has none.
    package var jobs: PipelineJobs?
    /// How long attempts at its jobs took; `nil` if none has ended lately, and if no daemon tells.
    package var jobTimes: PipelineDurations?
    /// How long calls to the models that it asks took, whoever asked them; `nil` likewise.
    package var callTimes: PipelineDurations?
    /// What it needs and does not reach; `nil` if all answers.
    package var away: PipelineAway?
    /// Records that it refused, in all runs; `nil` of a node that is no source.
    package var deadLetters: Int?
    /// What it passed on per second, in turns of some seconds, the oldest first; empty if no daemon tells.
    package var history: [Double]

    /// Makes a node of which nothing is known but what the file says.
    package init(
        id: String, kind: Kind, type: String, variant: String? = nil, inputs: [String] = [], models: [String] = [],
        hasJobs: Bool = false, unit: String? = nil
    ) {
        (self.id, self.kind, self.type, self.variant) = (id, kind, type, variant)
        (self.inputs, self.models, self.hasJobs, self.unit) = (inputs, models, hasJobs, unit)
        history = []
    }

    /// The type, and the explainer or method after it.
    package var operation: String { variant.map { "\(type) \($0)" } ?? type }
}

/// An amount that flows.
package struct PipelineAmount: Sendable, Hashable, Codable {
    /// The amount since the daemon was started.
    package var total: Int
    /// The amount per second over the sheet's span; `nil` in the first second.
    package var perSecond: Double?

    /// Makes an amount.
    package init(total: Int, perSecond: Double?) { (self.total, self.perSecond) = (total, perSecond) }
}

/// How a node spends its time, as shares of the sheet's span.
///
/// It may work on some batches while it waits to pass on another: then `busy` and `blocked` count the same time.
package struct PipelineTimes: Sendable, Hashable, Codable {
    /// The share in which at least one of its workers was at work.
    package var busy: Double
    /// The share in which it waited for room before its readers.
    package var blocked: Double
    /// The share in which it did neither.
    package var idle: Double
    /// The mean number of workers at work.
    package var workers: Double

    /// Makes shares.
    package init(busy: Double, blocked: Double, idle: Double, workers: Double) {
        (self.busy, self.blocked, self.idle, self.workers) = (busy, blocked, idle, workers)
    }

    /// Whether it waits for its readers so long that they hold it up: half of the time or more.
    var isHeldUp: Bool { blocked >= 0.5 }
}

/// What waits before a node.
package struct PipelineQueue: Sendable, Hashable, Codable {
    /// The batches, or of a sink the messages.
    package var waiting: Int
    /// Their bytes; `nil` of a sink.
    package var bytes: Int?
    /// The most bytes that wait; `nil` if there is no bound.
    package var capacity: Int?

    /// Makes a queue.
    package init(waiting: Int, bytes: Int? = nil, capacity: Int? = nil) {
        (self.waiting, self.bytes, self.capacity) = (waiting, bytes, capacity)
    }

    /// How full it is; `nil` if there is no bound.
    package var share: Double? {
        guard let bytes, let capacity, capacity > 0 else { return nil }
        return min(Double(bytes) / Double(capacity), 1)
    }
}

/// The jobs of a node.
package struct PipelineJobs: Sendable, Hashable, Codable {
    /// Those that nobody works on yet.
    package var waiting = 0
    /// Those that are worked on; 0 if no daemon tells.
    package var underWay = 0
    /// Those that have a result, in all runs.
    package var done = 0
    /// Those that were given up.
    package var failed = 0
    /// Of those that wait: those that failed and are tried again later.
    package var postponed = 0
    /// Those left for the next start, since a server was away for too long.
    package var left = 0
    /// Those left for a start with a larger budget.
    package var held = 0
    /// Why the last one failed in this run; `nil` if none did.
    package var lastFailure: String?

    /// Makes counts at zero.
    package init() {}
}

/// How long things took that ended in the last minute, to 5 %.
package struct PipelineDurations: Sendable, Hashable, Codable {
    /// How many there were.
    package var count: Int
    /// The seconds that half of them did not exceed.
    package var p50: Double
    /// The seconds that 99 of a hundred did not exceed.
    package var p99: Double

    /// Makes quantiles.
    package init(count: Int, p50: Double, p99: Double) { (self.count, self.p50, self.p99) = (count, p50, p99) }
}

/// What a node needs and does not reach.
package struct PipelineAway: Sendable, Hashable, Codable {
    /// The model whose server is away; `nil` if it is the node's own brokers.
    package var model: String?
    /// Since when, RFC 3339.
    package var since: String
    /// Since how many seconds.
    package var seconds: Double

    /// Makes one.
    package init(model: String?, since: String, seconds: Double) {
        (self.model, self.since, self.seconds) = (model, since, seconds)
    }

    /// What is away.
    package var name: String { model ?? "its brokers" }
}
