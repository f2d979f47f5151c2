import Dataflow
import Elements
import Topology

/// Which negatives a score node asks for besides random ones.
struct NegativesChoice {
    /// The tiers without the random one.
    let tiers: Set<NegativeTier>
    /// The model by whose vectors semantic negatives are found; `nil` where none are asked for.
    let encoder: String?

    /// Reads the fields of a score node.
    ///
    /// - Throws: `DaemonError` naming what is missing or does not belong.
    init(_ node: Node) throws {
        let asked = (node.list("negatives") ?? []).compactMap(NegativeTier.init)
        guard asked.isEmpty || asked.contains(.random) else {
            throw DaemonError(
                .configuration, "\(node.id): `negatives` must hold `random`, on which the headline rests")
        }
        guard asked.count < 2 || node.string("stopping") ?? "none" == "none" else {
            throw DaemonError(
                .configuration,
                "\(node.id): tiers of negatives need all questions to be asked; leave out `stopping`, or all tiers but `random`"
            )
        }
        tiers = Set(asked).subtracting([.random])
        let isEmbedding = node.schema.variant?.value == "embedding"
        guard tiers.contains(.semantic) else {
            guard node.string("encoder") == nil else {
                throw DaemonError(
                    .configuration,
                    "\(node.id): `encoder` is for semantic negatives only; add `semantic` to `negatives`, or leave it out"
                )
            }
            encoder = nil
            return
        }
        guard let encoder = node.string("encoder") ?? (isEmbedding ? node.string("model") : nil) else {
            throw DaemonError(
                .configuration,
                "\(node.id): `negatives` with `semantic` needs `encoder:`, the model by whose vectors windows are near")
        }
        self.encoder = encoder
    }

    /// The fields that may name a sentence encoder.
    static func encoderFields(of node: Node) -> [String] {
        guard node.schema.type == "score" else { return [] }
        return node.schema.variant?.value == "embedding" ? ["model", "encoder"] : ["encoder"]
    }
}
