import Evidence
import Lineage
import Topology

/// The fields of every scorer that asks a model, whatever it asks.
struct AskedFields: Sendable {
    let latents: LatentSelection
    let overlap: HeldOut.Overlap
    /// The number of latents of each explainer that have a control.
    let controls: Int
    let concurrency: Int
    /// Which explanations are judged first.
    let priority: JobPriority
    let seed: UInt64

    /// Reads the fields; `controls` is the method's own.
    init(_ node: Node, controls: Field<Int>) throws(TopologyError) {
        latents = try node[CommonFields.latents]
        overlap = try node[CommonFields.overlap]
        self.controls = try node[controls]
        concurrency = try node[CommonFields.concurrency]
        seed = try node[CommonFields.seed]
        priority = JobPriority(try node[CommonFields.priority], seed: seed)
    }
}

/// A node that has a model answer for its scores.
protocol AsksJudge: Scores {
    var asked: AskedFields { get }
}

extension AsksJudge {
    var latents: LatentSelection { asked.latents }
    var overlap: HeldOut.Overlap { asked.overlap }
    var seed: UInt64 { asked.seed }
}
