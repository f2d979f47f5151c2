import Elements
import Topology

/// The negatives that a score node asks for besides random ones.
struct NegativeTierFields: Sendable {
    static let negatives = Field<NegativeTier>.words(
        "negatives", NegativeTier.allCases, default: [.random],
        """
        Tiers of negatives, each scored apart against the same positives: `random`, which the headline rests on and \
        must be among them; `lexical`, which hold the latent's peak token; `neighbour`, in which a latent fires that \
        co-fires with it or whose decoder direction is near; `semantic`, nearest by sentence embedding. A tier of \
        fewer than ten windows is not available.
        """)
    static let encoder = Field.optional(
        "encoder", .model,
        """
        For `semantic` negatives: the sentence encoder, a folder such as all-MiniLM-L6-v2 or an endpoint; `embedding` \
        takes its `model` if it is not given.
        """)
    static let fields = [negatives.schema, encoder.schema]

    private let asked: [NegativeTier]
    private let named: String?
    private let fallback: String?

    /// Reads the fields; `fallback` is the node's own sentence encoder, if it has one.
    init(_ node: Node, fallback: String? = nil) throws(TopologyError) {
        asked = try node[Self.negatives]
        named = try node[Self.encoder]
        self.fallback = fallback
    }

    /// The tiers without the random one.
    var tiers: Set<NegativeTier> { Set(asked).subtracting([.random]) }

    /// The model by whose vectors semantic negatives are found; `nil` if none are asked for.
    var encoder: String? { tiers.contains(.semantic) ? named ?? fallback : nil }

    /// The use of the model that `encoder` names.
    func use(in node: Node) -> ModelUse? { node.use(Self.encoder, named, for: .sentences) }

    /// The setting that is missing or does not belong; `nil` if the tiers can be drawn.
    func fault(of node: Node, stops: Bool) -> String? {
        guard asked.isEmpty || asked.contains(.random) else {
            return "\(node.id): `negatives` must hold `random`, on which the headline rests"
        }
        guard tiers.isEmpty || !stops else {
            return "\(node.id): tiers of negatives need all questions to be asked; leave out `stopping`, or all tiers "
                + "but `random`"
        }
        guard tiers.contains(.semantic) else {
            guard named != nil else { return nil }
            return
                "\(node.id): `encoder` is for semantic negatives only; add `semantic` to `negatives`, or leave it out"
        }
        guard encoder == nil else { return nil }
        return "\(node.id): `negatives` with `semantic` needs `encoder:`, the model by whose vectors windows are near"
    }
}
