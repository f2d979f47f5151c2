package import Elements
public import Foundation
import Synchronization

/// The progress of a running topology, read by the progress line and the metrics.
public final class RunProgress: Sendable {
    /// The counts at one moment.
    public struct Reading: Sendable, Hashable {
        /// Records read.
        public var records = 0
        /// Records refused, by code.
        public var rejected: [String: Int] = [:]
        /// Records refused, by source.
        public var refused: [String: Int] = [:]
        /// Records of a day that had not begun, counted at the day on which they were read.
        public var ahead = 0
        /// Records of the shuffle topic that changed nothing, since what they tell had been merged.
        public var repeated = 0
        /// Tokens that have been read: cut into contexts, or come with their codes.
        public var tokensRead = 0
        /// Tokens that have passed a forward stage, or have come with their codes.
        public var tokens = 0
        /// Tokens that have reached a reservoir.
        public var tokensSampled = 0
        /// Explanations made, by node.
        public var explanations: [String: Int] = [:]
        /// Answers that said a worked case's answer again and were asked for anew, by node.
        public var copies: [String: Int] = [:]
        /// Scores made, those of controls among them, by node.
        public var scores: [String: Int] = [:]
        /// Of these, those of controls.
        public var controls: [String: Int] = [:]
        /// Latents explained again, by outcome.
        public var choices: [String: Int] = [:]
        /// Jobs that failed, by node.
        public var failures: [String: Int] = [:]
        /// The reason why the last of them failed, by node.
        public var lastFailures: [String: String] = [:]
        /// Jobs that a node still has before it.
        public var waiting: [String: Int] = [:]
        /// Of these, those that are being worked on.
        public var underWay: [String: Int] = [:]
        /// Of these, those that failed and wait for another try.
        public var postponed: [String: Int] = [:]
        /// Jobs that a node has left for the next start, since the server of its model was away for too long.
        public var left: [String: Int] = [:]
        /// Jobs that a node has left for a start with a larger budget.
        public var held: [String: Int] = [:]
        /// The windows sampled per latent that are in force, by reservoir.
        public var samples: [String: Int] = [:]
        /// The sources and sinks that reach outside the process, by node.
        public var reach: [String: Reach] = [:]
        /// The servers of models, by the model's name in the topology.
        public var servers: [String: ServerReach] = [:]
        /// How long attempts at jobs took, however they ended, by node.
        package var jobDurations: [String: DurationCounts] = [:]
        /// How long calls to models took, however they ended, by the model's name in the topology.
        package var callDurations: [String: DurationCounts] = [:]
        /// Nodes that have nothing more to do in this run.
        public var ended: Set<String> = []
        /// Checkpoints written.
        public var checkpoints = 0
        /// When the latest checkpoint was on disk.
        public var lastCheckpoint: Date?
        /// When anything was last read, computed, explained or scored.
        public var lastProgress: Date?
        /// Whether records are read, or waited for: not before the nodes run, nor after every source has ended.
        public var isIngesting = false
    }

    private let counts = Mutex(Reading())
    /// Tells how far each source has been read; `nil` before there are any.
    private let sources = Mutex<(@Sendable () -> [SourceExtent?])?>(nil)

    /// By explain and score node, what it will have to do.
    private let work = Mutex<[String: TimeLeft.Expectation]>([:])

    /// What the parts of the run hold in memory.
    package let memory: MemoryMeter

    /// Makes a progress at zero, without a budget of memory.
    public init() { memory = MemoryMeter() }

    /// Makes a progress at zero.
    package init(memory: MemoryMeter) { self.memory = memory }

    /// The counts now.
    public var reading: Reading { counts.withLock { $0 } }

    package func read(records: Int, rejected codes: [String], ahead: Int = 0, by node: String? = nil) {
        counts.withLock { counts in
            counts.records += records
            if let node, !codes.isEmpty { counts.refused[node, default: 0] += codes.count }
            counts.ahead += ahead
            counts.lastProgress = Date()
            for code in codes { counts.rejected[code, default: 0] += 1 }
        }
    }

    /// Records have told what was known, where several processes share a topology.
    package func repeated(_ records: Int) { counts.withLock { $0.repeated += records } }

    /// How far each source has been read, `nil` for one of unknown length; none before the run has opened its sources.
    package var extents: [SourceExtent?] { sources.withLock { $0 }?() ?? [] }

    /// From now on `extents` tells how far each source has been read.
    package func reads(_ extents: @escaping @Sendable () -> [SourceExtent?]) { sources.withLock { $0 = extents } }

    /// By explain and score node, what it will have to do at most; none if nobody has said.
    package var expected: [String: TimeLeft.Expectation] { work.withLock { $0 } }

    /// From now on explain and score nodes are expected to do this.
    package func expects(_ expected: [String: TimeLeft.Expectation]) { work.withLock { $0 = expected } }

    package func read(tokens: Int) { advance { $0.tokensRead += tokens } }
    package func forwarded(tokens: Int) { advance { $0.tokens += tokens } }
    package func samples(_ sample: Int, of node: String) { counts.withLock { $0.samples[node] = sample } }
    package func read(tokensWithCodes tokens: Int) {
        advance { counts in
            counts.tokens += tokens
            counts.tokensRead += tokens
        }
    }
    /// More tokens were sampled; a number that other processes tell is what they say, so that no sum of such overflows.
    package func sampled(tokens: Int) {
        advance { $0.tokensSampled = Int(clamping: $0.tokensSampled.magnitude + max(0, tokens).magnitude) }
    }
    package func explained(_ number: Int, by node: String) { advance { $0.explanations[node, default: 0] += number } }
    package func copied(_ number: Int, by node: String) {
        guard number > 0 else { return }
        advance { $0.copies[node, default: 0] += number }
    }
    package func scored(_ number: Int, controls: Int = 0, by node: String) {
        advance { counts in
            counts.scores[node, default: 0] += number
            if controls > 0 { counts.controls[node, default: 0] += controls }
        }
    }
    package func chose(_ choices: [Choice]) {
        advance { counts in
            for choice in choices { counts.choices[choice.outcome.rawValue, default: 0] += 1 }
        }
    }
    package func failed(by node: String, reason: String) {
        counts.withLock { counts in
            counts.failures[node, default: 0] += 1
            counts.lastFailures[node] = reason
        }
    }
    package func waiting(_ number: Int, postponed: Int = 0, at node: String) {
        counts.withLock { counts in
            counts.waiting[node] = number
            // Only nodes of which a job ever waited for another try are told of.
            if postponed > 0 || counts.postponed[node] != nil { counts.postponed[node] = postponed }
        }
    }
    /// A job has been begun, or one that was is over.
    package func underWay(_ change: Int, at node: String) {
        counts.withLock { $0.underWay[node, default: 0] += change }
    }
    /// An attempt at a job is over.
    package func worked(_ duration: Duration, at node: String) {
        counts.withLock { $0.jobDurations[node, default: DurationCounts()].add(duration) }
    }
    /// A call to a model is over.
    package func asked(_ model: String, took duration: Duration) {
        counts.withLock { $0.callDurations[model, default: DurationCounts()].add(duration) }
    }
    /// A node has nothing more to do.
    package func ended(_ node: String) { counts.withLock { _ = $0.ended.insert(node) } }
    /// Nodes are built anew: what they had before them they find again, if they are still there.
    package func begunAnew(_ nodes: some Sequence<String>) {
        counts.withLock { counts in
            for node in nodes {
                counts.ended.remove(node)
                if counts.waiting[node] != nil { counts.waiting[node] = 0 }
                if counts.postponed[node] != nil { counts.postponed[node] = 0 }
                if counts.held[node] != nil { counts.held[node] = 0 }
                if counts.left[node] != nil { counts.left[node] = 0 }
            }
        }
    }
    package func left(by node: String) { counts.withLock { $0.left[node, default: 0] += 1 } }
    package func held(by node: String) { counts.withLock { $0.held[node, default: 0] += 1 } }

    /// A node depends on something outside the process, which is taken to answer until it is known not to.
    package func reaches(_ node: String, as role: Reach.Role) {
        counts.withLock { $0.reach[node] = Reach(role: role) }
    }

    /// What a node depends on has gone, or is there again.
    package func lost(_ isLost: Bool, by node: String) {
        counts.withLock { $0.reach[node]?.lostAt = isLost ? Date() : nil }
    }

    /// Models are asked behind a server, which is taken to answer until it is known not to.
    package func asks(_ models: [String]) {
        counts.withLock { counts in
            for model in models where counts.servers[model] == nil { counts.servers[model] = ServerReach() }
        }
    }

    /// The server of models is away; returns whether that is new.
    package func awaits(_ models: [String], since: Date) -> Bool {
        counts.withLock { counts in
            let isNew = models.contains { counts.servers[$0]?.awaySince == nil }
            if isNew { for model in models { counts.servers[model, default: ServerReach()].awaySince = since } }
            return isNew
        }
    }

    /// The server of models answers, or nobody waits for it any more.
    package func answers(_ models: [String]) {
        counts.withLock { counts in for model in models { counts.servers[model]?.awaySince = nil } }
    }

    package func checkpointed() {
        counts.withLock { counts in
            counts.checkpoints += 1
            counts.lastCheckpoint = Date()
        }
    }

    /// Records are read from now on, or not any more.
    package func ingests(_ isIngesting: Bool) { counts.withLock { $0.isIngesting = isIngesting } }

    private func advance(_ change: (inout Reading) -> Void) {
        counts.withLock { counts in
            change(&counts)
            counts.lastProgress = Date()
        }
    }
}
