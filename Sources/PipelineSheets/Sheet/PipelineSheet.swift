/// What is happening in a topology: its nodes and edges and, if a daemon runs it, what flows and what holds it up.
package struct PipelineSheet: Sendable, Hashable, Codable {
    /// The version of the form.
    package static let version = 1

    /// The version of the form.
    package var v: Int
    /// The topology's name.
    package var topology: String
    /// The digest of all that decides what it computes.
    package var digest: String
    /// The run; `nil` if no daemon tells.
    package var run: Run?
    /// The nodes, each after all that it reads.
    package var nodes: [PipelineNode]
    /// The edges, by the nodes that take.
    package var edges: [PipelineEdge]
    /// What was refused, by source and reason, in all runs.
    package var deadLetters: [DeadLetters]
    /// What holds the flow up: of ingest, and of explaining and scoring; empty if nothing does.
    package var bottlenecks: [Bottleneck]
    /// The topology's text without its secrets; `nil` if it is not at hand.
    package var text: String?

    /// A run of a daemon.
    package struct Run: Sendable, Hashable, Codable {
        /// `starting`, `running`, `reloading` or `stopping`.
        package var phase: String
        /// How long it has run, in seconds.
        package var seconds: Double
        /// The seconds that rates and shares are taken over; 0 in the first second.
        package var span: Double
        /// The seconds of one turn of a node's history.
        package var turn: Double
        /// Records read since the start.
        package var records: Int
        /// Tokens computed since the start.
        package var tokens: Int
        /// Checkpoints written since the start.
        package var checkpoints: Int
        /// The seconds since the latest; `nil` before the first.
        package var checkpointAge: Double?
        /// Records that wait to be read; `nil` if no source can tell.
        package var lag: Int?

        /// Makes what is told of a run.
        package init(
            phase: String, seconds: Double, span: Double, turn: Double, records: Int, tokens: Int, checkpoints: Int,
            checkpointAge: Double? = nil, lag: Int? = nil
        ) {
            (self.phase, self.seconds, self.span, self.turn) = (phase, seconds, span, turn)
            (self.records, self.tokens, self.checkpoints) = (records, tokens, checkpoints)
            (self.checkpointAge, self.lag) = (checkpointAge, lag)
        }
    }

    /// Records refused for one reason.
    package struct DeadLetters: Sendable, Hashable, Codable {
        /// The source.
        package var node: String
        /// The reason's code.
        package var code: String
        /// How many.
        package var count: Int

        /// Makes a count.
        package init(node: String, code: String, count: Int) {
            (self.node, self.code, self.count) = (node, code, count)
        }
    }

    /// Makes the sheet of a topology that nothing is known of but its file.
    package init(topology: String, digest: String, nodes: [PipelineNode], edges: [PipelineEdge], text: String?) {
        v = Self.version
        (self.topology, self.digest, self.nodes, self.edges, self.text) = (topology, digest, nodes, edges, text)
        (deadLetters, bottlenecks) = ([], [])
    }

    /// What holds the flow up, in a sentence or two; `nil` if no daemon tells.
    package var verdict: String? {
        guard run != nil else { return nil }
        return bottlenecks.isEmpty ? "nothing is held up" : bottlenecks.map(\.sentence).joined(separator: "; ")
    }

    /// A node by its id.
    package func node(_ id: String) -> PipelineNode? { nodes.first { $0.id == id } }
}
