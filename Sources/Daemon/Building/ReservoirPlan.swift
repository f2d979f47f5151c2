import Dataflow
public import Evidence
import LanguageModels
public import SparseCoders
public import Topology

/// How a reservoir node samples, and what that can take of memory.
public struct ReservoirPlan: Sendable {
    /// How it samples.
    public let settings: ReservoirSettings
    /// The longest context that reaches it, in tokens.
    public let contextLength: Int

    /// Reads a reservoir node's fields.
    ///
    /// - Throws: The error of the settings, naming what is out of range.
    public init(_ node: Node, in topology: Topology) throws {
        settings = try ReservoirSettings(
            window: node.integer("window") ?? 32, sample: node.integer("sample") ?? 256,
            top: node.integer("top") ?? 16, pool: node.integer("pool") ?? 16_384,
            recent: node.integer("recent") ?? 32, seed: UInt64(clamping: node.integer("seed") ?? 0))
        contextLength = topology.contextLength(above: node) ?? 256
    }

    /// How a reservoir samples contexts of at most `contextLength` tokens.
    init(settings: ReservoirSettings, contextLength: Int) {
        self.settings = settings
        self.contextLength = contextLength
    }

    /// The most bytes that the evidence of so many latents can take, whatever the number of tokens.
    public func memoryBound(latents: Int) -> Int {
        Reservoir.memoryBound(settings: settings, latents: latents, contextLength: contextLength)
    }
}

extension Topology {
    /// The longest context that a node can be given, in tokens; `nil` where no tokenize node feeds it.
    fileprivate func contextLength(above node: Node) -> Int? {
        if node.schema.type == "tokenize" { return node.integer("context") ?? 256 }
        return node.inputs.compactMap { self.node($0.node) }.compactMap { contextLength(above: $0) }.max()
    }

    /// The nodes that give codes, encode nodes and caches, that a node is, or descends from, by name.
    func encodeNodes(above node: Node) -> [Node] {
        nearest(above: node) { $0.schema.type == "encode" || $0.holdsCodes }
    }

    /// The reservoirs that a node descends from, by id.
    func reservoirNodes(above node: Node) -> [Node] { nearest(above: node) { $0.schema.type == "reservoir" } }

    private func nearest(above node: Node, where matches: (Node) -> Bool) -> [Node] {
        if matches(node) { return [node] }
        let found = node.inputs.compactMap { self.node($0.node) }.flatMap { nearest(above: $0, where: matches) }
        return Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }).values
            .sorted { $0.id < $1.id }
    }

    /// The forward node that a node is, or descends from.
    func forwardNode(above node: Node) -> Node? { nearest("forward", above: node) }

    private func nearest(_ type: String, above node: Node) -> Node? {
        if node.schema.type == type { return node }
        for input in node.inputs {
            if let upstream = self.node(input.node), let found = nearest(type, above: upstream) { return found }
        }
        return nil
    }

    /// Opens the coder of an encode node; reads its weights, and the model where its width is needed.
    ///
    /// - Throws: `DaemonError`, `CoderError` or `ModelError`, naming what is wrong.
    public func openCoder(of node: Node) throws -> SparseCoder {
        let choice = try CoderChoice(node)
        var width: Int?
        if case .neurons = choice, let forward = forwardNode(above: node),
            case .file(let file) = models[forward.string("model") ?? ""]
        {
            let model = try LanguageModel(path: file.path)
            width = try model.width(at: model.hookpoint(named: node.string("hookpoint") ?? ""))
        }
        return try choice.open(width: width)
    }
}
