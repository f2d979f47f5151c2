@testable import PipelineSheets

extension PipelineSheet {
    /// A topology in one line, with a sink for what is refused, of which nothing is known but the file.
    static var chain: PipelineSheet {
        func node(
            _ id: String, _ type: String, _ input: String?, _ unit: String?, kind: PipelineNode.Kind = .stage,
            variant: String? = nil, hasJobs: Bool = false
        ) -> PipelineNode {
            PipelineNode(
                id: id, kind: kind, type: type, variant: variant, inputs: input.map { [$0] } ?? [], hasJobs: hasJobs,
                unit: unit)
        }
        return PipelineSheet(
            topology: "tiny", digest: "abcdef0123456789",
            nodes: [
                node("corpus", "file", nil, "documents", kind: .source),
                node("tokens", "tokenize", "corpus", "tokens"), node("residual", "forward", "tokens", "tokens"),
                node("codes", "encode", "residual", "tokens"), node("evidence", "reservoir", "codes", "updates"),
                node("lexical", "explain", "evidence", "explanations", variant: "lexical", hasJobs: true),
                node("executed", "score", "lexical", "scores", variant: "execution", hasJobs: true),
                node("results", "kafka", "executed", nil, kind: .sink),
                node("rejected", "kafka", "corpus.rejected", nil, kind: .sink),
            ],
            edges: [
                PipelineEdge(from: "corpus", to: "tokens", carries: "documents", unit: "documents"),
                PipelineEdge(from: "tokens", to: "residual", carries: "token contexts", unit: "tokens"),
                PipelineEdge(from: "residual", to: "codes", carries: "activations", unit: "tokens"),
                PipelineEdge(from: "codes", to: "evidence", carries: "sparse codes", unit: "tokens"),
                PipelineEdge(from: "evidence", to: "lexical", carries: "evidence", unit: "updates"),
                PipelineEdge(from: "lexical", to: "executed", carries: "explanations", unit: "explanations"),
                PipelineEdge(from: "lexical", to: "results", carries: "explanations", unit: "explanations"),
                PipelineEdge(from: "executed", to: "results", carries: "scores", unit: "scores"),
                PipelineEdge(
                    from: "corpus", port: "rejected", to: "rejected", carries: "dead letters", unit: "dead letters"),
            ], text: nil)
    }

    /// Changes a node.
    mutating func change(_ id: String, _ change: (inout PipelineNode) -> Void) {
        for place in nodes.indices where nodes[place].id == id { change(&nodes[place]) }
    }

    /// Says how a node spends its time.
    mutating func spend(_ id: String, busy: Double, blocked: Double) {
        change(id) {
            $0.times = PipelineTimes(busy: busy, blocked: blocked, idle: max(0, 1 - busy - blocked), workers: busy)
        }
    }
}
