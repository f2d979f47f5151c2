import Checkpoints
import Dataflow
import Elements
import Evidence
import Kafka
import Observability
import RecordReading
import Records
import Running
import Shuffle
import Stages
import Topology

// A reservoir node in a process that only reads the corpus, and in one that owns a share of the latents.

extension Samples {
    /// Samples what is read here, and tells the owners of shares.
    func buildCombiner(
        _ settings: ReservoirSettings, _ coder: CoderIdentity, _ context: NodeContext, into pipeline: Pipeline,
        timers: StageTimers
    ) throws {
        guard let publisher = context.publisher else {
            throw DaemonError(.runtime, "\(id): nobody was made to tell others what is read here")
        }
        let (identity, node) = (publisher.identity, id)
        let samplers = context.graph.all((any Samples).self).count
        let most = context.graph.topology.state.memoryBytes / max(1, samplers)
        let pool = ComputePool(name: id, threads: 1) {
            CombinerWorker(
                IngestCombiner(
                    reservoir: node, settings: settings, coder: coder, identity: identity, writer: publisher.writer),
                identity: identity, mostBytes: most)
        }
        let stage = CombinerStage(
            node: id, pool: pool,
            cores: SpareCores(name: id, cores: context.options.cores, permits: context.permits),
            publisher: publisher, coordinator: context.coordinator, progress: context.progress, timers: timers)
        pipeline.combine(node: self.node, stage, timers)
    }

    /// Has a worker go on from what other processes had told before this start.
    func sharing(
        _ owned: OwnedShards, _ identity: ShuffleIdentity, _ coder: CoderIdentity, _ context: NodeContext
    ) -> @Sendable (ReservoirWorker) throws -> Void {
        let map = ShardMap(coder: coder, shards: identity.shards)
        let (node, acceptsGap, state) = (id, context.options.acceptGap, context.state)
        return {
            try $0.share(by: identity, map: map, owned: owned, acceptsGap: acceptsGap, node: node, state: state)
        }
    }

    /// Merges what other processes tell.
    func buildShards(
        _ owned: OwnedShards, _ identity: ShuffleIdentity, pool: ComputePool<ReservoirWorker>, _ cores: SpareCores,
        _ context: NodeContext, into pipeline: Pipeline, timers: StageTimers
    ) throws {
        let shuffle = try context.graph.shuffleSettings
        let (node, options, state) = (id, context.options, context.state)
        let told = Graph.tellingSource(of: id)
        let source = try KafkaRecordSource(
            node: told, settings: try context.graph.shuffleKafka(), topics: [shuffle.topic],
            group: identity.shardGroup("gloss-\(context.graph.topology.name)"), startsLatest: false,
            acceptsGap: options.acceptGap,
            patience: options.untilDrained ? options.brokerPatience : nil, clock: options.clock,
            part: KafkaPart(
                takes: { owned.contains(Int($0)) }, count: identity.shards, wantsWhole: true),
            onGap: context.gap(of: told),
            onNotice: context.outages.kafkaNotices(of: told, notice: options.notice))
        let lost = LostRecords(note: context.gap(of: told))
        let refuse: @Sendable ([DeadLetter]) throws -> Void = {
            [coordinator = context.coordinator, progress = context.progress] letters in
            coordinator.add(letters)
            progress.read(records: 0, rejected: letters.map(\.code), by: told)
            try lost.look(through: letters)
        }
        let stage = ReservoirStage<ShuffleBatch>(
            node: id, pool: pool, state: state, coordinator: context.coordinator, progress: context.progress,
            latestEvidence: context.latestEvidence, timers: timers, foldAbove: 64, cores: cores,
            notice: options.notice,
            absorbing: context.merging(node: node, told: told, refuse: refuse))
        let unpacking = ShuffleUnpacking(
            reservoir: id, identity: identity,
            take: { [coordinator = context.coordinator] letters in coordinator.add(letters) }, refuse: refuse)
        pipeline.sample(
            self.node, stage, timers, source: source, told,
            context.sourceStage(
                told, source, BinaryRecords(node: told, maximumBytes: ShuffleUnpacking.largestRecord),
                fences: context.fences, timers: context.timers.timers(of: told, type: "shuffle")),
            through: UnpackingStage(
                pool: context.compute, timers: StageTimers(node: told), unpack: { try unpacking.batches(of: $0) })
        ) { budget in try await pool.run { $0.budget = budget } }
    }
}

extension NodeContext {
    /// Merges records of the shuffle topic on a reservoir's thread, and says what came of it.
    func merging(
        node: String, told: String, refuse: @escaping @Sendable ([DeadLetter]) throws -> Void
    ) -> @Sendable (ReservoirWorker, ShuffleBatch, WorkSharing) throws -> ReservoirStage<ShuffleBatch>.Absorbed {
        let (note, progress) = (gap(of: node), progress)
        return { worker, batch, sharing in
            let merged = worker.merge(batch, by: told)
            if !merged.refused.isEmpty { try refuse(merged.refused) }
            if merged.repeated > 0 { progress.repeated(merged.repeated) }
            if let gap = merged.gap {
                guard merged.isBridged else {
                    throw DaemonError(
                        .fence, "\(gap). Start with --accept-gap to go on; the evidence is then marked inexact.")
                }
                try note("\(gap); going on, the evidence is inexact from now on")
            }
            return ReservoirStage<ShuffleBatch>.Absorbed(
                tokens: Int(clamping: merged.tokens), lowering: worker.lowerIfDue(sharing: sharing))
        }
    }
}
