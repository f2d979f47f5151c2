import Dataflow
import Elements
import Observability
import Tokenization
import Topology

/// Cuts documents into contexts.
struct TokenizeNode: CarriesBarriers, CutsContexts {
    /// The most tokens of a context unless a node says otherwise.
    static let usualLength = 256
    private static let model = Field.required("model", .model, "The model whose tokenizer is used.")
    private static let context = Field.integer(
        "context", 8...131_072, default: usualLength, "The most tokens of one context, BOS included.")

    static let schema = NodeSchema(
        kind: .stage, type: "tokenize", inputs: [.documents], output: .contexts,
        fields: [model.schema, context.schema],
        documentation: "Cuts each document into contexts of token ids; no context crosses a document.")

    let node: Node
    let model: String
    let contextLength: Int

    var models: [ModelUse] { [node.use(Self.model, model)] }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        model = try node[Self.model]
        contextLength = try node[Self.context]
    }

    func check(in graph: Graph, into findings: inout NodeFindings) {
        graph.checkFile(of: node.use(Self.model, model), needing: "tokenizer", by: node, into: &findings)
    }

    func identify(into identity: inout StateIdentity, in graph: Graph) throws {
        identity.add(Self.schema.type)
        identity.add(Self.context, contextLength)
        try identity.add(Self.model, model: model, in: graph)
    }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        let weights = context.graph.weights
        let tokenizer = try weights.tokenizer(model)
        let cutter = ContextCutter(length: contextLength, bos: try weights.bos(of: model))
        let progress = context.progress
        let stage = TransformStage<DocumentBatch, ContextBatch, Void>(
            pool: context.compute, width: 2, timers: timers
        ) { _, batch in
            let cut = ContextBatch(
                contexts: batch.documents.flatMap { document in
                    switch document.content {
                    case .text(let text): cutter.contexts(of: document, tokens: tokenizer.encode(text))
                    case .tokens(let tokens):
                        cutter.contexts(of: document, tokens: cutter.withoutBOS(tokens))
                    }
                }, reached: batch.reached)
            progress.read(tokens: cut.tokenCount)
            return cut
        }
        pipeline.ingest(node, stage, timers)
    }
}
