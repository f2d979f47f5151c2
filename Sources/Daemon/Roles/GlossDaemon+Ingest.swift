import Checkpoints
import Dataflow
import Jobs
import Nodes
import Observability
import RecordReading
import Running
import Serving
import Shuffle
import Sinks
import Stages
import Topology

// A process that reads the corpus and keeps nothing.

extension GlossDaemon {
    /// Makes what tells the owners of shares; blocks, since it opens what the evidence depends on.
    func makePublisher(_ order: ShutdownOrder) throws -> ShufflePublisher {
        let (settings, identity) = (try graph.shuffleSettings, try graph.shuffleIdentity())
        let transport = try KafkaShuffleTransport(
            settings: try graph.shuffleKafka(), topic: settings.topic, shards: settings.shards,
            group: identity.shardGroup("gloss-\(topology.name)"), most: Int64(settings.lag),
            patience: options.untilDrained ? options.brokerPatience : nil, stop: stop, clock: options.clock,
            onNotice: outages.kafkaNotices(of: Graph.telling, notice: options.notice),
            notice: { [notice = options.warning] in notice(Graph.telling, $0) })
        order.close(Graph.telling, within: patience.step) { [patience] in await transport.close(within: patience.step) }
        return ShufflePublisher(identity, writer: UInt64.random(in: 1...UInt64.max), transport: transport)
    }

    /// Answers requests to read the file again, of which nothing can be taken while such a process runs.
    func refuseReloads() async {
        while let request = await reloads.next() {
            let outcome = ReloadOutcome.failed("a process that only reads the corpus takes it at its next start")
            tell(request.asker, outcome)
            request.answer(outcome)
        }
    }

    /// The nodes of such a process: those before a reservoir, and in its place what tells.
    func openIngest(
        _ context: NodeContext, sources: RecordSources, coordinator: CheckpointCoordinator, relay: OutboxRelay,
        opened: OpenedState, disk: ComputePool<Void>, jobStore: JobStore, _ order: ShutdownOrder
    ) throws -> Opened {
        let ingest = try Pipeline(context, parts: [.ingest])
        sources.set(ingest.sources)
        progress.reads { sources.extents }
        order.close("labels", within: patience.step) { await sources.finish() }
        return Opened(
            ingest: ingest, explaining: nil, coordinator: coordinator, relay: relay, served: nil,
            results: opened.results, disk: disk, jobStore: jobStore,
            flow: MeasuredFlow(timers: ingest.timers, lag: { sources.lag }))
    }
}
