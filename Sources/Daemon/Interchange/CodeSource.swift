import Dataflow
import Elements
import SparseCoders
public import Topology

extension Node {
    /// Whether it is a source that gives codes, so that it stands for a coder as an encode node does.
    var holdsCodes: Bool { kind == .source && schema.type == "delphi_cache" }
}

extension Topology {
    /// The latents of the coder that a node runs or whose codes it reads, and the most of them on a token; reads its files.
    ///
    /// - Throws: What opening the coder or the cache throws.
    public func coderSize(of node: Node) throws -> (latents: Int, active: Int) {
        guard node.holdsCodes else {
            let coder = try openCoder(of: node)
            return (coder.latents, coder.k)
        }
        let latents = try DelphiCache(folder: node.path("path") ?? "").latents
        return (latents, SparseCodes.mostActive(latents: latents))
    }
}

extension Workshop {
    /// A source of codes, and what it gives.
    func delphiCodes(_ node: Node, timers: StageTimers) throws -> (any RecordSource, FlowSequence<CodeBatch>) {
        let (source, documents) = try source(node)
        let cache = try library.delphiCache(of: node)
        let masksFirst = node.boolean("mask_first") ?? false
        let stage = TransformStage<DocumentBatch, CodeBatch, Void>(pool: compute, width: 2, timers: timers) {
            _, batch in
            try cache.codes(of: batch.documents, masksFirst: masksFirst)
        }
        return (source, stage.results(of: documents))
    }
}
