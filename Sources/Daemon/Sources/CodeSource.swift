import Dataflow
import Elements
import Interchange
import SparseCoders
import Topology

extension Node {
    /// Whether it is a source that gives codes, so that it stands for a coder as an encode node does.
    var holdsCodes: Bool { kind == .source && schema.type == "delphi_cache" }
}

extension Workshop {
    /// What reads the codes of a source's documents.
    func delphiCodes(_ node: Node, timers: StageTimers) throws -> some Stage<DocumentBatch, CodeBatch> {
        let cache = try library.delphiCache(of: node)
        let masksFirst = node.boolean("mask_first") ?? false
        return TransformStage<DocumentBatch, CodeBatch, Void>(pool: compute, width: 2, timers: timers) { _, batch in
            try cache.codes(of: batch.documents, masksFirst: masksFirst)
        }
    }
}
