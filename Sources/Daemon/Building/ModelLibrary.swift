import Dataflow
import Elements
import Explaining
import Hashing
import Inference
import LanguageModels
import Scoring
import SparseCoders
import Tokenization
import Topology

/// The models, tokenizers and coders of a topology, each loaded once.
final class ModelLibrary {
    private let topology: Topology
    private let permits: CorePermits
    private let workers: Int
    private let metrics: RunMetrics
    /// What servers are charged to; `nil` where no server is asked.
    private let spend: SpendBook?
    private var models: [String: LanguageModel] = [:]
    private var tokenizers: [String: Tokenizer] = [:]
    private var vocabularies: [String: LexicalVocabulary] = [:]
    private var coders: [String: SparseCoder] = [:]
    private var delphiCaches: [String: DelphiCache] = [:]
    private var subjects: [String: BatchedModel] = [:]
    private var judges: [String: any Judge] = [:]
    private var embedders: [String: EmbeddingSource] = [:]
    private var tiers: [String: NegativeTierCache] = [:]
    private var pools: [String: PoolCache] = [:]
    /// Connections to endpoints, to be closed at the end.
    private(set) var transports: [AsyncHTTPClientTransport] = []

    init(topology: Topology, permits: CorePermits, workers: Int, metrics: RunMetrics, spend: SpendBook? = nil) {
        self.topology = topology
        self.permits = permits
        self.workers = workers
        self.metrics = metrics
        self.spend = spend
    }

    /// The file behind a name under `models:`.
    func file(_ name: String) throws -> ModelFile {
        switch topology.models[name] {
        case .file(let file): return file
        case .openAI:
            throw DaemonError(
                .configuration, "model \(name) is behind an endpoint, but its weights are needed here: give a `path`")
        case nil: throw DaemonError(.configuration, "no model is named \(name)")
        }
    }

    /// The model of a name.
    func model(_ name: String) throws -> LanguageModel {
        let path = try file(name).path
        if let model = models[path] { return model }
        let model = try LanguageModel(path: path)
        models[path] = model
        return model
    }

    /// The model of a name for work on many texts at a time.
    func subject(_ name: String) throws -> BatchedModel {
        let path = try file(name).path
        if let subject = subjects[path] { return subject }
        let model = try model(name)
        var limits = GenerationLimits(model: model)
        limits.jobs = 32
        let subject = BatchedModel(model: model, workers: workers, permits: permits, limits: limits)
        subjects[path] = subject
        return subject
    }

    /// The tokenizer of a name.
    func tokenizer(_ name: String) throws -> Tokenizer {
        let path = try file(name).path
        if let tokenizer = tokenizers[path] { return tokenizer }
        let tokenizer = try Tokenizer.load(from: path)
        tokenizers[path] = tokenizer
        return tokenizer
    }

    /// The terms of the tokens of a name's tokenizer.
    func vocabulary(of name: String) throws -> LexicalVocabulary {
        let path = try file(name).path
        if let vocabulary = vocabularies[path] { return vocabulary }
        let vocabulary = LexicalVocabulary(text: try tokenizer(name))
        vocabularies[path] = vocabulary
        return vocabulary
    }

    /// The token that a model's contexts begin with; `nil` for none.
    func bos(of name: String) throws -> UInt32? {
        let file = try file(name)
        let tokenizer = try tokenizer(name)
        switch file.bos {
        case .none: return nil
        case .token(let text):
            guard let token = tokenizer.specialToken(text) else {
                throw DaemonError(.configuration, "model \(name) has no control token \(text)")
            }
            return token
        case .auto:
            guard let adds = tokenizer.addsBOS else {
                throw DaemonError(
                    .configuration,
                    "\(file.path) does not say whether contexts begin with a token: give `bos:` a token, or `none`")
            }
            guard adds else { return nil }
            guard let token = tokenizer.bosToken else {
                throw DaemonError(
                    .configuration, "\(file.path) asks for a BOS token but names none: give `bos:` a token")
            }
            return token
        }
    }

    /// The coder that an encode node runs.
    func coder(of node: Node) throws -> SparseCoder {
        if let coder = coders[node.id] { return coder }
        let choice = try CoderChoice(node)
        // Several nodes may run the coder of one folder.
        let twin = topology.nodes.first {
            guard coders[$0.id] != nil, case .folder = choice else { return false }
            return (try? CoderChoice($0)) == choice
        }
        let coder = try twin.flatMap { coders[$0.id] } ?? choice.open(width: try width(readBy: node))
        coders[node.id] = coder
        return coder
    }

    /// The identity of the coder that an encode node runs, or whose codes a source gives, under the node's name.
    func coderIdentity(of node: Node) throws -> CoderIdentity {
        let hookpoint = node.string("hookpoint") ?? ""
        guard node.holdsCodes else { return try coder(of: node).identity(name: node.id, hookpoint: hookpoint) }
        let cache = try delphiCache(of: node)
        return CoderIdentity(
            name: node.id, hookpoint: hookpoint, latents: cache.latents, digest: cache.digest(hookpoint: hookpoint))
    }

    /// The cache that a source of codes reads.
    func delphiCache(of node: Node) throws -> DelphiCache {
        if let cache = delphiCaches[node.id] { return cache }
        let cache = try DelphiCache(folder: node.path("path") ?? "")
        delphiCaches[node.id] = cache
        return cache
    }

    /// The width of the activations that an encode node reads; `nil` where no forward node feeds it.
    private func width(readBy node: Node) throws -> Int? {
        guard let forward = topology.forwardNode(above: node) else { return nil }
        let model = try model(forward.string("model") ?? "")
        return try model.width(at: model.hookpoint(named: node.string("hookpoint") ?? ""))
    }

    /// What the negatives of an encode node's latents are drawn from, shared by all that score them.
    func negativeTiers(of node: Node, compute: ComputePool<Void>, stop: StopSignal) throws -> NegativeTierCache {
        if let cache = tiers[node.id] { return cache }
        let cache = NegativeTierCache(
            coder: try coder(of: node), neighbours: TierDrawing.neighbours, compute: compute, stop: stop)
        tiers[node.id] = cache
        return cache
    }

    /// The pool of a reservoir, shared by all that score on it.
    func pools(of reservoir: Node, compute: ComputePool<Void>) -> PoolCache {
        if let cache = pools[reservoir.id] { return cache }
        let cache = PoolCache(compute: compute)
        pools[reservoir.id] = cache
        return cache
    }

    /// What turns texts into vectors by the model of a name; reads its weights where it has some, so it blocks.
    func embeddings(_ name: String, compute: ComputePool<Void>) throws -> EmbeddingSource {
        if case .openAI(let endpoint) = topology.models[name] {
            if let source = embedders[name] { return source }
            let embeddings = try remote(endpoint) { try OpenAIEmbeddings(configuration: $0, transport: $1) }
            let source = EmbeddingSource(
                embedder: EndpointEmbedder(
                    embeddings: embeddings, metrics: metrics,
                    account: spend.map { JudgeAccount(model: name, prices: endpoint.prices, book: $0) }))
            embedders[name] = source
            return source
        }
        let path = try file(name).path
        if let source = embedders[path] { return source }
        let source = EmbeddingSource(embedder: try SentenceEmbedder(folder: path, compute: compute))
        embedders[path] = source
        return source
    }

    /// Whether a name's model runs in this process.
    func isInProcess(_ name: String) -> Bool {
        if case .file = topology.models[name] { true } else { false }
    }

    /// The model of a name as a judge.
    func judge(_ name: String) throws -> any Judge {
        if let judge = judges[name] { return judge }
        if case .openAI(let endpoint) = topology.models[name] {
            let account = spend.map { JudgeAccount(model: name, prices: endpoint.prices, book: $0) }
            let judge = MeteredJudge(
                judge: try remote(endpoint) { try OpenAIJudge(configuration: $0, transport: $1) }, metrics: metrics,
                account: account)
            judges[name] = judge
            return judge
        }
        let tokenizer = try tokenizer(name)
        let bos = try bos(of: name)
        let judge = MeteredJudge(
            judge: InProcessJudge(
                model: try model(name), chat: ChatRenderer(tokenizer, bos: bos), workers: workers, permits: permits,
                activations: ActivationPrecision(rawValue: try file(name).activations.rawValue) ?? .f32),
            metrics: metrics)
        judges[name] = judge
        return judge
    }
}

extension ModelLibrary {
    /// What asks an endpoint, with connections of its own.
    private func remote<Client>(
        _ endpoint: ModelEndpoint, _ make: (OpenAIConfiguration, AsyncHTTPClientTransport) throws -> Client
    ) throws -> Client {
        let configuration = try OpenAIConfiguration(endpoint)
        let transport = AsyncHTTPClientTransport(concurrency: endpoint.concurrency)
        transports.append(transport)
        return try make(configuration, transport)
    }
}

extension ChatRenderer {
    /// Renders by the tokenizer's chat template, or as plain text where it has none.
    init(_ tokenizer: Tokenizer, bos: UInt32?) {
        let template = ChatTemplate(tokenizer)
        var stops = Set<UInt32>()
        if let end = tokenizer.endOfSequence { stops.insert(end) }
        if let end = template?.endOfTurn { stops.insert(end) }
        self.init(
            render: { prompt in
                var tokens: [UInt32] = bos.map { [$0] } ?? []
                if let template {
                    let messages = prompt.messages.map { (role: $0.role.rawValue, content: $0.content) }
                    tokens += template.render(messages, addGenerationPrompt: true)
                } else {
                    tokens += tokenizer.encode(prompt.messages.map(\.content).joined(separator: "\n\n") + "\n\n")
                }
                if let prefix = prompt.answerPrefix { tokens += tokenizer.encode(prefix) }
                return tokens
            },
            encode: { tokenizer.encode($0) }, decode: { tokenizer.text(of: $0) }, stops: stops,
            start: bos.map { [$0] } ?? [])
    }
}
