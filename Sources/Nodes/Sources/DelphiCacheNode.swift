import Corpus
import Dataflow
import Elements
import Interchange
import Observability
import RecordReading
import Running
import SparseCoders
import Tokenization
import Topology

/// A source of tokens and codes from a cache written by delphi; it acts as a coder, like an encode node.
struct DelphiCacheNode: ReadsRecords, GivesCodes, NamesTokens {
    private static let path = Field.required(
        "path", .path, "The folder of one hookpoint in a cache written by delphi.")
    private static let hookpoint = Field.required(
        "hookpoint", .hookpoint, "The hookpoint whose activations the cache holds.")
    private static let model = Field.required(
        "model", .model, "The model whose tokenizer the cached tokens are of.")
    private static let masksFirst = Field.boolean(
        "mask_first", default: false,
        "Leave out the first position of every row, an attention sink; delphi counts it.")
    /// The most bytes of a row of tokens.
    private static let largest = 16 << 20

    static let schema = NodeSchema(
        kind: .source, type: "delphi_cache", output: .codes, ports: RecordFields.ports,
        fields: [path.schema, hookpoint.schema, model.schema, masksFirst.schema],
        documentation: """
            Reads tokens and codes from a cache written by delphi; each row of tokens is one context and one document.
            """)

    let node: Node
    let place: String
    let hookpoint: String
    let model: String
    private let masksFirst: Bool

    var models: [ModelUse] { [node.use(Self.model, model)] }
    var isRandomControl: Bool { false }
    var hasDirections: Bool { false }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        place = try node[Self.path]
        hookpoint = try node[Self.hookpoint]
        model = try node[Self.model]
        masksFirst = try node[Self.masksFirst]
    }

    func check(in graph: Graph, into findings: inout NodeFindings) {
        graph.checkFile(of: node.use(Self.model, model), needing: "tokenizer", by: node, into: &findings)
        do {
            _ = try graph.weights.cache(at: place)
        } catch {
            findings.report(.badFile, node.mark(of: Self.path), "\(id): \(error)")
        }
    }

    func identify(into identity: inout StateIdentity, in graph: Graph) throws {
        // For a cache, as for a coder, it matters whose codes they are, not which folder the files are in.
        identity.add(Self.schema.type)
        identity.add("\(try shape(in: graph).digest) \(masksFirst)")
        identity.note(Self.path, contents: try graph.weights.cache(at: place).digest(hookpoint: ""))
        identity.note(Self.hookpoint.schema.name, hookpoint)
        identity.note(Self.masksFirst.schema.name, masksFirst)
    }

    func shape(in graph: Graph) throws -> CodesShape {
        let cache = try graph.weights.cache(at: place)
        return CodesShape(
            latents: cache.latents,
            usualActive: Double(cache.activationCount) / Double(max(1, cache.rows * cache.context)),
            digest: cache.digest(hookpoint: hookpoint))
    }

    func coder(in graph: Graph) throws -> SparseCoder {
        throw DaemonError(
            .configuration, "\(id) gives codes without a coder, but the directions of its latents are needed here")
    }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        let (cache, masksFirst) = (try context.graph.weights.cache(at: place), masksFirst)
        let source = context.sourceStage(
            id,
            DelphiRecordSource(
                node: id, cache: cache, acceptsGap: context.options.acceptGap, onGap: context.gap(of: id)),
            RecordDecoder(
                format: .tokens, node: id, maximumBytes: Self.largest,
                vocabulary: try context.graph.weights.tokenizer(model).count),
            fences: context.fences, timers: timers)
        let codes = TransformStage<DocumentBatch, CodeBatch, Void>(
            pool: context.compute, width: 2, timers: timers
        ) { [progress = context.progress] _, batch in
            let codes = try cache.codes(of: batch.documents, masksFirst: masksFirst)
            progress.read(tokensWithCodes: codes.rowStarts.count - 1)
            return codes
        }
        let output: OutputPort<CodeBatch> = pipeline.ingestOutput(of: node, timers)
        pipeline.add(node, source: source.source) {
            try await output.whole { try await source.run(through: codes, into: output) }
        }
    }
}
