import Dataflow
public import Topology

/// The memory that a topology's evidence can take, and what explaining and scoring it can take beside it.
///
/// Both are whatever the number of tokens. What is beside them: models, batches under way, what the allocator keeps.
public struct TopologyMemory: Sendable {
    /// The most bytes that all reservoirs can take.
    public let evidence: Int
    /// The bytes that explain and score nodes take at most on usual text, all of them at work at once.
    public let explaining: Int

    /// The sum of both.
    public var bytes: Int {
        let (sum, overflows) = evidence.addingReportingOverflow(explaining)
        return overflows ? .max : sum
    }

    /// Adds up what the nodes of a topology take.
    ///
    /// - Parameters:
    ///   - cores: Threads for computing.
    ///   - size: The latents of the coder of an encode node, and the most of them that can be active on a token; may block.
    /// - Throws: What `size` throws, and the errors of the nodes' fields.
    public init(
        of topology: Topology, cores: Int, size: (Node) throws -> (latents: Int, active: Int)
    ) throws {
        var (evidence, explaining) = (0.0, 0.0)
        for reservoir in topology.nodes where reservoir.schema.type == "reservoir" {
            let plan = try ReservoirPlan(reservoir, in: topology)
            guard let encode = topology.encodeNodes(above: reservoir).first else {
                throw TopologyError.missingField(node: reservoir.id, field: "inputs")
            }
            let coder = try size(encode)
            evidence += Double(plan.memoryBound(latents: coder.latents))
            let readers = topology.nodes.filter { node in
                ["explain", "score"].contains(node.schema.type)
                    && topology.reservoirNodes(above: node).contains { $0.id == reservoir.id }
            }
            explaining += try ScoringMemory(plan, latents: coder.latents, active: coder.active, cores: cores)
                .bytes(of: readers)
        }
        explaining += Double(EmbeddingSource.maximumBytes) * Double(Self.encoders(of: topology).count)
        (self.evidence, self.explaining) = (Int(min(evidence, 0x1p62)), Int(min(explaining, 0x1p62)))
    }

    /// The models by whose vectors texts are compared.
    private static func encoders(of topology: Topology) -> Set<String> {
        let names = topology.nodes.flatMap { node in
            NegativesChoice.encoderFields(of: node).compactMap { node.string($0) }
        }
        return Set(names)
    }

    /// What is to be said of it, such as `evidence at most 1.3 GiB, explaining and scoring at most 2 GiB`.
    public var text: String {
        let text = "evidence takes at most \(ByteText(evidence))"
        return explaining == 0 ? text : "\(text), explaining and scoring it \(ByteText(explaining)) more"
    }
}
