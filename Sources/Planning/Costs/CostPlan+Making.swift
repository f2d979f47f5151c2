extension CostPlan {
    /// Computes the cost of a topology.
    package init(of model: CostModel) {
        let ingest = Self.ingest(of: model)
        let seconds = ingest.map(\.seconds).sum.value / Double(max(1, model.machines * model.cores))
        let evidence = model.reservoirs.map {
            $0.cost(tokens: model.tokens, machines: model.machines, checkpoints: seconds / model.checkpointSeconds)
        }
        let counts = model.jobCounts()
        var asked: [String: Asked] = [:]
        var (embedded, nodes) = ([String: Double](), [Node]())
        for node in model.jobs {
            guard let count = counts[node.id] else { continue }
            let tokens = model.asked(by: node, count, embedded: &embedded)
            if let name = node.model {
                let before = asked[name] ?? Asked()
                asked[name] = Asked(tokens: before.tokens + tokens, subject: before.subject)
            }
            if let subject = node.subject, tokens.subject > 0 {
                asked[subject, default: Asked()].subject += tokens.subject
            }
            nodes.append(Node(node, count, tokens, effort: model.effort(of: node)))
        }
        name = model.name
        tokens = model.tokens
        (machines, cores) = (model.machines, model.cores)
        self.evidence = evidence
        self.nodes = nodes
        holding = model.holding.map { PlanFigure($0, .assumed) }
        memoryBudget = PlanFigure(model.memoryBudget, .bound)
        corpusPerToken = model.sources.map(\.bytesPerToken).max { $0.value < $1.value } ?? .zero
        storedEvidence = evidence.map(\.memory).sum.times(StoredSizes.evidence)
        storedResults = StoredSizes.results(of: model, counts)
        self.ingest = ingest
        models = asked.sorted { $0.key < $1.key }.compactMap { name, asked in
            model.models[name]?.cost(asked.tokens, subject: asked.subject, model.rates)
        }
        corePrice = model.corePrice
    }

    /// What one model is asked by all nodes together.
    private struct Asked {
        var tokens = JobTokens()
        /// The tokens that it reads and writes as the subject of scores.
        var subject = 0.0
    }

    private static func ingest(of model: CostModel) -> [Work] {
        let (rates, tokens) = (model.rates, model.tokens)
        let text = model.sources.filter(\.isText).map(\.bytesPerToken).max { $0.value < $1.value } ?? .zero
        let active = model.reservoirs.reduce(0) { $0 + $1.codes.active }
        let entered = model.reservoirs.map { $0.entered(tokens: tokens, machines: model.machines) }.sum
        let work = [
            Work(name: "tokenise", seconds: text.times(tokens) / rates.tokenising),
            Work(name: "forward", seconds: PlanFigure(model.passes.reduce(0, +) * tokens, .bound) / rates.forward),
            Work(name: "encode", seconds: PlanFigure(model.encoding * tokens, .bound) / rates.encoding),
            Work(
                name: "sample",
                seconds: PlanFigure(active * tokens, .assumed) / rates.sampling + entered / rates.entering),
        ]
        return work.filter { $0.seconds.value > 0 }
    }
}

extension CostPlan.Node {
    fileprivate init(_ node: CostModel.Jobs, _ count: JobCount, _ tokens: JobTokens, effort: Double) {
        let isEmbedding = node.embeds != nil
        let own = node.tokens.sent + node.tokens.answered
        let all = tokens.sent + tokens.answered
        id = node.id
        variant = node.variant
        model = node.model
        jobs = count
        tokensPerJob = PlanFigure(isEmbedding && count.first.value > 0 ? all / count.first.value : own, .assumed)
        self.tokens = PlanFigure(all, .assumed)
        seconds = PlanFigure(node.seconds * effort, .assumed) * (count.first + count.controls)
    }
}

/// The bytes of what a state keeps.
///
/// Measured on one run of topologies/quickstart.yaml (180,671 tokens, 4,069 explanations, 8,556 scores), by table. Segments took 27.9 MB
/// where `MemoryExpectation` states 37 MB of memory. With an explanation or a score stand its event, its message and its job.
enum StoredSizes {
    /// The bytes of evidence on disk for each of those in memory.
    ///
    /// The base takes a third of them, the segments after it up to twice that, and a new base is written whole before it takes the
    /// place of all. Recorded: 0.62 (a million latents), 0.95 (the same, before it was folded by size), 0.76 (the quickstart).
    static let evidence = 0.9
    static let explanation = 4800.0
    static let score = 2000.0
    static let event = 1700.0
    static let message = 1700.0
    static let job = 160.0
    static let verdicts = 4000.0

    /// The bytes of the results of the first round.
    static func results(of model: CostModel, _ counts: [String: JobCount]) -> PlanFigure {
        var bytes = PlanFigure.zero
        for node in model.jobs {
            guard let count = counts[node.id] else { continue }
            let own = node.explains ? explanation : score + (node.keepsVerdicts ? verdicts : 0)
            let beside = event + job + (model.publishes ? message : 0)
            bytes = bytes + (count.first + count.controls) * PlanFigure(own + beside, .assumed)
        }
        return bytes
    }
}
