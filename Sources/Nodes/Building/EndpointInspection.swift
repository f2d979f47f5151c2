import Inference
import Scoring
package import Topology

/// Asks the endpoints of a topology whether they report the likelihood of given texts, if a node needs that.
///
/// Each endpoint is asked one small question for each kind of need, all at the same time, once and briefly. They
/// do not count towards the topology's budget: each is of a few tokens.
package enum EndpointInspection {
    /// Whether an endpoint meets a node's need.
    package enum Outcome: Sendable, Hashable {
        /// It does.
        case tells
        /// It does not; the answer it gave, and the remedy.
        case lacks(String)
        /// It is out of reach or declined, so that it is not known; the reason.
        case unknown(String)
    }

    /// The finding about one node.
    package struct Finding: Sendable {
        /// The id of the node.
        package let node: String
        /// The name of its model.
        package let model: String
        /// The place at which the model is named.
        package let mark: SourceMark
        /// Whether its endpoint meets the node's need.
        package let outcome: Outcome
    }

    /// The longest wait for an answer.
    static let patience = Duration.seconds(10)

    private struct Asked: Hashable {
        let model: String
        let question: ReadingQuestion
    }

    /// Findings of all nodes whose model is behind an endpoint and is asked about given texts, in the order of the file.
    package static func findings(of graph: Graph) async -> [Finding] {
        let models = graph.topology.models
        let needs = graph.nodes.flatMap { node in
            node.models.compactMap { use -> (node: String, mark: SourceMark, asked: Asked)? in
                guard case .reading(let question) = use.purpose, case .openAI = models[use.name] else { return nil }
                return (node.id, use.mark, Asked(model: use.name, question: question))
            }
        }
        let outcomes = await withTaskGroup(of: (Asked, Outcome).self) { group in
            for asked in Set(needs.map(\.asked)) {
                guard case .openAI(let endpoint) = models[asked.model] else { continue }
                group.addTask { (asked, await outcome(of: asked.question, at: endpoint)) }
            }
            return await group.reduce(into: [Asked: Outcome]()) { $0[$1.0] = $1.1 }
        }
        return needs.compactMap { need in
            outcomes[need.asked].map {
                Finding(node: need.node, model: need.asked.model, mark: need.mark, outcome: $0)
            }
        }
    }

    /// An error for each node whose endpoint answers but does not do so; one out of reach is left to the node's jobs.
    package static func diagnostics(of graph: Graph, file: String) async -> [Diagnostic] {
        await findings(of: graph).compactMap { finding in
            guard case .lacks(let reason) = finding.outcome else { return nil }
            return Diagnostic(
                .readsNoTexts, file: file, mark: finding.mark,
                message: "\(finding.node) asks model \(finding.model) how likely given texts are: \(reason)",
                help: "or give the model a `path`, so that it runs in this process")
        }
    }

    private static func outcome(of question: ReadingQuestion, at endpoint: ModelEndpoint) async -> Outcome {
        let transport = AsyncHTTPClientTransport(concurrency: 1)
        let outcome: Outcome
        do {
            var configuration = try OpenAIConfiguration(endpoint)
            configuration.timeout = min(configuration.timeout, patience)
            configuration.retry.maximumAttempts = 1
            outcome = await self.outcome(
                of: question,
                judge: try OpenAIModel(OpenAIConnection(configuration: configuration, transport: transport)))
        } catch {
            outcome = .unknown("\(error)")
        }
        // The question has been answered; a failure to close changes nothing.
        try? await transport.close()
        return outcome
    }

    // A function of its own: the optimiser of Swift 6.3.1 crashes on a typed throw inside a larger async function.
    @inline(never)
    private static func outcome(of question: ReadingQuestion, judge: OpenAIModel) async -> Outcome {
        do {
            try await question.ask(judge)
            return .tells
        } catch {
            return error.kind == .unsupported ? .lacks(error.message) : .unknown("\(error)")
        }
    }
}
