import Corpus
import Dataflow
import Elements
import Evidence
import Foundation
import Hashing
import Kafka
import LanguageModels
import SparseCoders
import Store
import Tokenization
import Topology

extension Workshop {
    /// A source of documents.
    func source(_ node: Node) throws -> SourceStage {
        let largest = node.bytes("maximum_record") ?? 16 << 20
        let format = node.holdsCodes ? .tokens : RecordFormat(rawValue: node.string("format") ?? "json") ?? .json
        let source = try recordSource(node, largest: largest)
        return SourceStage(
            node: node.id, source: source,
            decoder: RecordDecoder(
                format: format, node: node.id, maximumBytes: largest, vocabulary: try vocabulary(behind: node)),
            coordinator: coordinator, progress: progress, stop: stop, endsWhenDrained: options.untilDrained,
            // What was read from standard input before a restart is not in it any more.
            fences: node.schema.type == "stdin" ? [] : fences.filter { $0.source == node.id }, clock: options.clock)
    }

    private func recordSource(_ node: Node, largest: Int) throws -> any RecordSource {
        // Evidence that is inexact and does not say so would be worse than none: a failure here ends the start.
        let onGap: @Sendable (String) throws -> Void = { [store] _ in try store.setMeta("evidence.exact", "false") }
        switch node.schema.type {
        case "kafka":
            return try KafkaRecordSource(
                node: node.id, settings: try topology.kafkaSettings(of: node),
                topics: node.list("topics") ?? [], group: node.string("group"),
                startsLatest: node.string("start") == "latest", acceptsGap: options.acceptGap,
                patience: options.untilDrained ? options.brokerPatience : nil,
                onGap: { [options] in
                    try onGap($0)
                    options.notice(node.id, $0)
                }, onNotice: options.kafkaNotices(of: node.id))
        case "file":
            return FileRecordSource(
                node: node.id, path: node.path("path") ?? "", maximumBytes: largest, acceptsGap: options.acceptGap,
                onGap: onGap, disk: disk)
        case "delphi_cache":
            return DelphiRecordSource(
                node: node.id, cache: try library.delphiCache(of: node), acceptsGap: options.acceptGap, onGap: onGap)
        default:
            options.notice(node.id, "standard input is read at most once: what a crash loses is not read again")
            return StdinRecordSource(
                node: node.id, timestamp: Int64(Date().timeIntervalSince1970 * 1000), maximumBytes: largest)
        }
    }

    /// The smallest vocabulary among the tokenizers that read a source, to refuse token ids beyond it.
    private func vocabulary(behind node: Node) throws -> Int? {
        if node.holdsCodes { return try node.string("model").map { try library.tokenizer($0).count } }
        return try topology.nodes.filter { reader in
            reader.schema.type == "tokenize" && reader.inputs.contains { $0.node == node.id }
        }.compactMap { try $0.string("model").map { try library.tokenizer($0).count } }.min()
    }

    /// The stage that cuts documents into contexts.
    func tokenize(_ node: Node, timers: StageTimers) throws -> some Stage<DocumentBatch, ContextBatch> {
        let model = node.string("model") ?? ""
        let tokenizer = try library.tokenizer(model)
        let cutter = ContextCutter(length: node.integer("context") ?? 256, bos: try library.bos(of: model))
        return TransformStage<DocumentBatch, ContextBatch, Void>(pool: compute, width: 2, timers: timers) { _, batch in
            ContextBatch(
                contexts: batch.documents.flatMap { document in
                    switch document.content {
                    case .text(let text): cutter.contexts(of: document, tokens: tokenizer.encode(text))
                    case .tokens(let tokens): cutter.contexts(of: document, tokens: tokens)
                    }
                })
        }
    }

    /// The stage that runs the model.
    func forward(_ node: Node, timers: StageTimers) throws -> some Stage<ContextBatch, ActivationBatch> {
        let model = try library.model(node.string("model") ?? "")
        let hookpoints = (node.list("hookpoints") ?? []).compactMap(Hookpoint.init)
        let workers = node.integer("workers") ?? options.cores
        let (mode, progress) = (batchMode, progress)
        let pool = ComputePool(name: node.id, threads: workers, permits: permits) {
            try ForwardPass(model: model, hookpoints: hookpoints, mode: mode)
        }
        return TransformStage<ContextBatch, ActivationBatch, ForwardPass>(
            pool: pool, width: workers, timers: timers,
            grouping: TokenRegrouping(tokens: node.integer("batch") ?? 4096)
        ) { forward, batch in
            let activations = try forward.activations(of: batch.contexts.map(\.tokens))
            progress.forwarded(tokens: batch.tokenCount)
            return ActivationBatch(contexts: batch.contexts, activations: activations)
        }
    }

    /// The stage that runs the coder.
    func encode(_ node: Node, timers: StageTimers) throws -> some Stage<ActivationBatch, CodeBatch> {
        let coder = try library.coder(of: node)
        let hookpoint = node.string("hookpoint") ?? ""
        let masksFirst = node.boolean("mask_first") ?? true
        let workers = node.integer("workers") ?? options.cores
        let pool = ComputePool(name: node.id, threads: workers, permits: permits) { EncodeWorker(coder: coder) }
        return TransformStage<ActivationBatch, CodeBatch, EncodeWorker>(pool: pool, width: workers, timers: timers) {
            worker, batch in
            try worker.encode(batch, hookpoint: hookpoint, maskFirst: masksFirst)
        }
    }

    /// The stage that samples.
    func reservoir(_ node: Node, timers: StageTimers) throws -> ReservoirStage {
        let (settings, identity) = (try ReservoirPlan(node, in: topology).settings, try coder(above: node))
        let (store, id) = (store, node.id)
        let pool = ComputePool(name: id, threads: 1) {
            try ReservoirWorker(settings: settings, coder: identity, node: id, store: store)
        }
        return ReservoirStage(
            node: id, pool: pool, disk: disk, store: store, coordinator: coordinator, progress: progress,
            shelf: shelf, timers: timers, foldAbove: 64)
    }
}
