package import Dataflow
import Elements
import Explaining
import Hashing
package import Inference
import Interchange
package import Jobs
import LanguageModels
package import Observability
import Running
import Scoring
import Stages
import Topology

/// The judges, subjects, embedders and shared evidence caches of a graph, each made once.
package final class ModelLibrary {
    private let graph: Graph
    private let permits: CorePermits
    private let workers: Int
    private let metrics: RunMetrics
    private let memory: MemoryMeter
    /// The account that servers are charged to; `nil` if no server is asked.
    private let spend: BudgetLedger?
    /// Told what servers have taught of themselves.
    private let notice: @Sendable (_ model: String, _ text: String) -> Void
    /// The gates of servers; `nil` if each request is on its own.
    private let gates: EndpointGates?
    /// Where batches are kept; `nil` if nothing is, so that each question is asked by itself.
    private let batches: (any BatchKeeper)?
    private var vocabularies: [String: LexicalVocabulary] = [:]
    private var subjects: [String: BatchedModel] = [:]
    private var judges: [String: any LanguageModelClient] = [:]
    private var embedders: [String: EmbeddingSource] = [:]
    private var tiers: [String: NegativeTierCache] = [:]
    private var pools: [String: PoolCache] = [:]
    /// Connections to endpoints, to be closed at the end.
    package private(set) var transports: [AsyncHTTPClientTransport] = []

    package init(
        graph: Graph, permits: CorePermits, workers: Int, metrics: RunMetrics, memory: MemoryMeter = MemoryMeter(),
        spend: BudgetLedger? = nil, gates: EndpointGates? = nil, batches: (any BatchKeeper)? = nil,
        notice: @escaping @Sendable (_ model: String, _ text: String) -> Void = { _, _ in }
    ) {
        self.notice = notice
        self.gates = gates
        self.batches = batches
        self.memory = memory
        self.graph = graph
        self.permits = permits
        self.workers = workers
        self.metrics = metrics
        self.spend = spend
    }

    /// The model of a name for work on many texts at a time.
    func subject(_ name: String) throws -> BatchedModel {
        let path = try graph.weights.file(name).path
        if let subject = subjects[path] { return subject }
        let model = try graph.weights.model(name)
        var limits = GenerationLimits(model: model)
        limits.jobs = 32
        let subject = BatchedModel(model: model, workers: workers, permits: permits, limits: limits)
        subjects[path] = subject
        return subject
    }

    /// The terms of the tokens of a name's tokenizer.
    func vocabulary(of name: String) throws -> LexicalVocabulary {
        let path = try graph.weights.file(name).path
        if let vocabulary = vocabularies[path] { return vocabulary }
        let vocabulary = LexicalVocabulary(tokenDecoder: try graph.weights.tokenizer(name))
        vocabularies[path] = vocabulary
        return vocabulary
    }

    /// The source of negatives for an encode node's latents, shared by all that score them.
    func negativeTiers(
        of node: any GivesCodes, compute: ComputePool<Void>, stop: StopSignal
    ) throws -> NegativeTierCache {
        if let cache = tiers[node.id] { return cache }
        let cache = NegativeTierCache(
            coder: node.hasDirections ? try node.coder(in: graph) : nil, neighbours: TierDrawing.neighbours,
            compute: compute, stop: stop,
            memory: memory, encoder: node.id)
        tiers[node.id] = cache
        return cache
    }

    /// The pool of a reservoir, shared by all that score on it.
    func pools(of reservoir: any Samples, compute: ComputePool<Void>) -> PoolCache {
        if let cache = pools[reservoir.id] { return cache }
        let cache = PoolCache(compute: compute, memory: memory, reservoir: reservoir.id)
        pools[reservoir.id] = cache
        return cache
    }

    /// The embedder of texts by the model of a name; reads its weights if it has some, so it blocks.
    func embeddings(_ name: String, compute: ComputePool<Void>) throws -> EmbeddingSource {
        if case .openAI(let endpoint) = graph.topology.models[name] {
            if let source = embedders[name] { return source }
            let embeddings = try OpenAIEmbeddings(connection(to: endpoint, named: name))
            let source = EmbeddingSource(
                embedder: MeteredModel(
                    embedder: EndpointEmbedder(embeddings: embeddings), label: name, metrics: metrics,
                    account: account(of: name, endpoint)),
                memory: memory, name: name)
            embedders[name] = source
            return source
        }
        let path = try graph.weights.file(name).path
        if let source = embedders[path] { return source }
        let source = EmbeddingSource(
            embedder: try SentenceEmbedder(
                folder: path, encoder: graph.weights.encoder(name), tokenizer: graph.weights.tokenizer(name),
                compute: compute),
            memory: memory, name: path)
        embedders[path] = source
        return source
    }

    /// Whether a name's model runs in this process.
    func isInProcess(_ name: String) -> Bool { graph.isInProcess(name) }

    /// The calls under way for one job: a model in this process works on prompts side by side, a server has its own limit.
    func calls(to name: String) -> Int { isInProcess(name) ? 8 : batchedCalls(to: name) ?? 1 }

    /// The calls under way for one job where they go by batches, so that all go by the same; `nil` for other models.
    func batchedCalls(to name: String) -> Int? { isBatched(name) ? Self.batchedAtOnce : nil }

    /// What may wait for batches at a time: jobs of a node, and calls of a job.
    private static let batchedAtOnce = 1024

    /// The jobs under way of a node that asks a model: where it waits for hours, many, so that a batch is of many.
    func jobs(asking name: String, _ concurrency: Int) -> Int {
        isBatched(name) ? max(concurrency, Self.batchedAtOnce) : concurrency
    }

    private func isBatched(_ name: String) -> Bool { batches != nil && graph.isBatched(name) }

    /// The model of a name as a judge.
    func judge(_ name: String) throws -> any LanguageModelClient {
        if let judge = judges[name] { return judge }
        if case .openAI(let endpoint) = graph.topology.models[name] {
            let connection = try connection(to: endpoint, named: name)
            let judge = MeteredModel(
                judge: try OpenAIModel(connection, batches: desk(of: endpoint, connection)), label: name,
                metrics: metrics,
                account: account(of: name, endpoint))
            judges[name] = judge
            return judge
        }
        let tokenizer = try graph.weights.tokenizer(name)
        let bos = try graph.weights.bos(of: name)
        let judge = MeteredModel(
            judge: InProcessModel(
                model: try graph.weights.model(name), chat: ChatRenderer(tokenizer, bos: bos), workers: workers,
                permits: permits,
                activations: ActivationPrecision(rawValue: try graph.weights.file(name).activations.rawValue) ?? .f32),
            label: name, metrics: metrics)
        judges[name] = judge
        return judge
    }
}

extension ModelLibrary {
    /// The account that an endpoint's calls are charged to; `nil` if nothing is charged.
    private func account(of name: String, _ endpoint: ModelEndpoint) -> ModelAccount? {
        spend.map { ModelAccount(model: name, prices: endpoint.prices, book: $0) }
    }

    /// The desk of a model whose chats go by batches; `nil` for another one.
    private func desk(of endpoint: ModelEndpoint, _ connection: OpenAIConnection) throws -> BatchDesk? {
        guard let form = endpoint.batches, let batches else { return nil }
        let desk = try BatchDesk(connection, limits: BatchLimits(form), keeper: batches)
        gates?.whenStopped { desk.close() }
        return desk
    }

    /// A connection to an endpoint, for one client.
    private func connection(to endpoint: ModelEndpoint, named name: String) throws -> OpenAIConnection {
        let configuration = try OpenAIConfiguration(endpoint)
        let transport = AsyncHTTPClientTransport(concurrency: endpoint.concurrency)
        transports.append(transport)
        let connection = OpenAIConnection(
            configuration: configuration, transport: transport, note: { [notice] in notice(name, $0) })
        guard let gates else { return connection }
        return connection.behind(gates.gate(of: endpoint)) { [spend] () throws(InferenceError) in
            if spend?.isSpent == true { throw ModelMeter.budgetSpent }
        }
    }
}
