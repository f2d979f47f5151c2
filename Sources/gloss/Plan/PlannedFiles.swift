import Benchmarks
import Foundation
import LanguageModels
import Nodes
import Planning
import Topology

/// What the files that a topology names tell of its cost; opens them, so everything here blocks.
struct PlannedFiles {
    /// A forward pass to the deepest hookpoint that a node asks for.
    struct Pass: Sendable {
        /// The node's name.
        let node: String
        /// The subject.
        let model: LanguageModel
        /// The deepest hookpoint.
        let hookpoint: Hookpoint
        /// The most tokens of a context.
        let context: Int
        /// The operations of one token.
        let operations: Double
    }

    /// The length of a prompt, by which the work of a token of it is told.
    private static let prompt = 512

    private let graph: Graph
    private let edges: TopologyEdges

    init(_ graph: Graph) {
        self.graph = graph
        edges = TopologyEdges(graph.topology)
    }

    /// The forward passes, in the order of the file.
    ///
    /// - Throws: The errors of opening their models.
    var passes: [Pass] {
        get throws {
            try graph.topology.nodes.compactMap { node -> Pass? in
                let texts = node.texts
                guard node.schema.output == .activations, let hookpoints = texts["hookpoints"],
                    let name = texts["model"]
                else { return nil }
                let model = try graph.model(name)
                let places = try hookpoints.split(separator: " ").map { try model.hookpoint(named: String($0)) }
                guard let deepest = places.max(by: { ($0.block, $0.site) < ($1.block, $1.site) }) else { return nil }
                let context = edges.contextLength(above: node)
                let work = ModelWork(model.configuration)
                return Pass(
                    node: node.id, model: model, hookpoint: deepest, context: context,
                    operations: work.perToken(blocks: deepest.block + 1, context: context))
            }
        }
    }

    /// All that the files tell.
    ///
    /// - Parameter tokens: After which the memory is asked about.
    /// - Throws: The errors of opening them.
    func facts(cores: Int, tokens: Double) throws -> TopologyFacts {
        var facts = TopologyFacts()
        for pass in try passes { facts.passes[pass.node] = pass.operations }
        for place in graph.coderPlaces {
            let shape = try place.shape.get()
            facts.coders[place.node] = TopologyFacts.Coder(
                latents: shape.latents, active: shape.usualActive,
                encoding: shape.inputWidth.map { ModelWork.encoding(width: $0, latents: shape.latents) } ?? 0)
        }
        let encoders = graph.sentenceEncoders
        for (name, entry) in graph.topology.models where !encoders.contains(name) {
            // One that no node uses may be missing; others have been checked.
            guard case .file(let file) = entry, file.hasWeights, let model = try? graph.model(name) else { continue }
            let work = ModelWork(model.configuration)
            facts.models[name] = TopologyFacts.Model(
                reading: work.perToken(blocks: work.blocks, context: Self.prompt),
                writing: work.decoding(after: Self.prompt))
        }
        facts.seconds = graph.jobSeconds
        let memory = try TopologyMemory(of: graph, cores: cores, tokens: Int(min(tokens, 0x1p62)))
        facts.holding = Double(memory.explaining)
        facts.samples = memory.lowered(within: graph.topology.state.memoryBytes)
        return facts
    }
}
