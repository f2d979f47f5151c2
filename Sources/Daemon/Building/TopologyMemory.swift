import Dataflow
import Interchange
import SparseCoders
import TerminalText
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

    /// Adds up what the nodes of a topology take with so many threads; reads the files of coders and caches, so it blocks.
    ///
    /// - Throws: What opening them throws, and the errors of the nodes' fields.
    public init(of topology: Topology, cores: Int) throws {
        try self.init(
            of: topology, cores: cores, coder: { try topology.openCoder(of: $0) },
            cache: { try DelphiCache(folder: $0.path("path") ?? "") })
    }

    /// The same with the coder of an encode node, or the cache of a source of codes, from where they are open already.
    init(
        of topology: Topology, cores: Int, coder: (Node) throws -> SparseCoder, cache: (Node) throws -> DelphiCache
    ) throws {
        var (evidence, explaining) = (0.0, 0.0)
        for reservoir in topology.nodes where reservoir.schema.type == "reservoir" {
            let plan = try ReservoirPlan(reservoir, in: topology)
            guard let encode = topology.encodeNodes(above: reservoir).first else {
                throw TopologyError.missingField(node: reservoir.id, field: "inputs")
            }
            let (latents, active) = try Self.size(of: encode, coder: coder, cache: cache)
            evidence += Double(plan.memoryBound(latents: latents))
            let readers = topology.nodes.filter { node in
                ["explain", "score"].contains(node.schema.type)
                    && topology.reservoirNodes(above: node).contains { $0.id == reservoir.id }
            }
            explaining += try ScoringMemory(plan, latents: latents, active: active, cores: cores)
                .bytes(of: readers)
        }
        explaining += Double(EmbeddingSource.maximumBytes) * Double(Self.encoders(of: topology).count)
        (self.evidence, self.explaining) = (Int(min(evidence, 0x1p62)), Int(min(explaining, 0x1p62)))
    }

    /// The latents of a node's codes, and the most of them that can be active on a token.
    private static func size(
        of node: Node, coder: (Node) throws -> SparseCoder, cache: (Node) throws -> DelphiCache
    ) throws -> (latents: Int, active: Int) {
        guard node.holdsCodes else {
            let coder = try coder(node)
            return (coder.latents, coder.k)
        }
        let latents = try cache(node).latents
        return (latents, SparseCodes.mostActive(latents: latents))
    }

    /// The models by whose vectors texts are compared.
    private static func encoders(of topology: Topology) -> Set<String> {
        let names = topology.nodes.flatMap { node in
            NegativesChoice.encoderFields(of: node).compactMap { node.string($0) }
        }
        return Set(names)
    }

    /// What can be done where it is too much.
    public static let remedy = "lower `sample`, `top` or `pool` of the reservoirs"

    /// What is to be said where a topology's `state.memory` does not allow it; `nil` where it does.
    public func excess(over allowed: Int) -> String? {
        guard bytes > allowed else { return nil }
        return "\(text), but state.memory allows \(ByteText(allowed)): raise it, or \(Self.remedy)"
    }

    /// What is to be said of it, such as `evidence takes at most 1.3 GiB, explaining and scoring it 2 GiB more`.
    public var text: String {
        let text = "evidence takes at most \(ByteText(evidence))"
        return explaining == 0 ? text : "\(text), explaining and scoring it \(ByteText(explaining)) more"
    }
}
