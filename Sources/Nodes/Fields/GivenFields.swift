import Dataflow
import Explaining
import Stages
import Topology

/// The fields of explainers that compute nothing.
struct GivenFields: Sendable {
    private static let minimumExamples = Field.integer(
        "minimum_examples", 1...65_536, default: 10, "Windows a latent must have fired in.")
    static let fields = [
        CommonFields.latents.schema, CommonFields.waitsForDrain.schema, minimumExamples.schema,
    ]

    let latents: LatentSelection
    private let waitsForDrain: Bool
    private let minimumExamples: Int

    init(_ node: Node) throws(TopologyError) {
        latents = try node[CommonFields.latents]
        waitsForDrain = try node[CommonFields.waitsForDrain]
        minimumExamples = try node[Self.minimumExamples]
    }

    /// Makes the stage; without rows no latent has a text.
    func stage(
        _ rows: [Int: [ExplanationRow]]?, _ context: NodeContext, of node: Node, timers: StageTimers
    ) throws -> GivenStage {
        let fields = ExplainFields(
            node: node, latents: latents, minimumExamples: minimumExamples, waitsForDrain: waitsForDrain, seed: 0)
        return GivenStage(context: try context.explaining(fields, timers: timers), rows: rows)
    }
}
