import Dataflow
import Elements
import Evidence
import Explaining
import Foundation
import Inference
import LanguageModels
import Lineage
import Scoring
import SparseCoders
import Store
import Tokenization
import Topology

extension Workshop {
    /// The latents that a node takes, of the coder it descends from.
    func latents(_ node: Node) throws -> [Int] {
        let coder = try coder(above: node)
        return (node.latents("latents") ?? .all).latents(of: coder.latents)
    }

    func coder(above node: Node) throws -> CoderIdentity {
        let nodes = topology.encodeNodes(above: node)
        guard let encode = nodes.first, nodes.count == 1 else {
            throw DaemonError(
                .configuration,
                "\(node.id) must descend from one encode node, not \(nodes.count): give each a node of its own")
        }
        return try library.coderIdentity(of: encode)
    }

    /// The name of the subject model, by whose tokenizer the node's windows are read.
    func subject(above node: Node) throws -> String {
        if node.schema.type == "tokenize" || node.holdsCodes, let model = node.string("model") { return model }
        for input in node.inputs {
            if let upstream = topology.node(input.node), upstream.kind == .stage || upstream.holdsCodes {
                return try subject(above: upstream)
            }
        }
        throw DaemonError(.configuration, "\(node.id) descends from no tokenize node, so its tokens have no text")
    }

    func subjectTokenizer(above node: Node) throws -> Tokenizer { try library.tokenizer(subject(above: node)) }

    func seed(_ node: Node) -> UInt64 { UInt64(node.integer("seed") ?? 0) }

    func overlap(_ node: Node) -> HeldOut.Overlap { node.string("overlap") == "keep" ? .keep : .drop }

    /// The explainer that asks no model.
    func lexical(_ node: Node, timers: StageTimers) throws -> some Stage<EvidenceUpdate, ExplanationBatch> {
        var settings = LexicalSettings()
        settings.maximumTerms = node.integer("tokens") ?? 8
        settings.maximumClauses = node.integer("clauses") ?? LexicalPredicate.maximumClauses
        settings.isTokenList = node.string("terms") == "tokens"
        settings.minimumExamples = node.integer("minimum_examples") ?? 10
        let subject = try subject(above: node)
        try restore(explainer: node)
        return LexicalStage(
            context: try explaining(node, minimumExamples: settings.minimumExamples, timers: timers),
            settings: settings, text: try library.tokenizer(subject), vocabulary: try library.vocabulary(of: subject))
    }

    /// The explainers that work nothing out: from a file, or without a text.
    func given(_ node: Node, timers: StageTimers) throws -> some Stage<EvidenceUpdate, ExplanationBatch> {
        var rows: [Int: [ExplanationRow]]?
        if node.schema.variant?.value == GivenExplainer.loadedName {
            let path = node.path("path") ?? ""
            guard let data = FileManager.default.contents(atPath: path) else {
                throw DaemonError(.configuration, "\(node.id): \(path) cannot be read; give a file of JSON lines")
            }
            do {
                let all = try ExplanationFile.read(data, latents: coder(above: node).latents)
                rows = Dictionary(grouping: all, by: \.latent)
            } catch let error as ExplainingError {
                throw DaemonError(.configuration, "\(node.id): \(path): \(error.message)")
            }
        }
        return GivenStage(
            context: try explaining(
                node, minimumExamples: node.integer("minimum_examples") ?? 10, timers: timers), rows: rows)
    }

    /// The explainer that asks a model.
    func asking(_ node: Node, timers: StageTimers) throws -> some Stage<EvidenceUpdate, ExplanationBatch> {
        let judge = try library.judge(node.string("model") ?? "")
        var settings = DefaultExplainerSettings()
        settings.examples = node.integer("examples") ?? 40
        settings.minimumExamples = node.integer("minimum_examples") ?? 200
        settings.showsStrengths = node.boolean("strengths") ?? true
        settings.chainOfThought = node.boolean("chain_of_thought") ?? false
        settings.maximumTokens = node.integer("maximum_tokens") ?? (settings.chainOfThought ? 512 : 128)
        if node.schema.variant?.value == DefaultExplainer.contrastiveName {
            settings.contrasts = node.integer("contrasts") ?? 8
        }
        if library.isInProcess(node.string("model") ?? "") {
            // A small model seldom comes to the answer's tag by itself, and here its turn can start with it.
            settings.startsAnswer = true
        }
        if let sampling = node.string("sampling").flatMap(ExampleSampling.init) { settings.sampling = sampling }
        var best: BestOfSettings?
        if node.schema.variant?.value == BestOfExplainer.name {
            var choice = BestOfSettings()
            choice.candidates = node.integer("candidates") ?? 3
            choice.fold = node.integer("fold") ?? 20
            best = choice
        }
        try restore(explainer: node)
        return AskingStage(
            context: try explaining(node, minimumExamples: settings.minimumExamples, timers: timers), judge: judge,
            text: try subjectTokenizer(above: node), settings: settings, best: best,
            concurrency: node.integer("concurrency") ?? 2)
    }

    /// The scorer that runs executable explanations.
    func execution(_ node: Node, timers: StageTimers) throws -> some Stage<ExplanationBatch, ScoreBatch> {
        var settings = try scoreSettings(node, rounds: rounds(node, growth: 2, recent: true))
        settings.needsPredicate = true
        try restore(scorer: settings, of: node)
        return ExecutionStage(
            context: try scoring(node, tierWindows: ScoringMemory.executedWindows, timers: timers),
            vocabulary: try library.vocabulary(of: subject(above: node)))
    }

    /// The scorer that compares meanings.
    func embedding(_ node: Node, timers: StageTimers) throws -> some Stage<ExplanationBatch, ScoreBatch> {
        let examples = node.integer("examples") ?? 50
        try restore(scorer: scoreSettings(node, rounds: rounds(node, growth: 2, recent: true)), of: node)
        let source = try library.embeddings(node.string("model") ?? "", compute: compute)
        var context = try scoring(node, tierWindows: examples, timers: timers)
        context.leases.append(source.lease())
        return EmbeddingStage(
            context: context, examples: examples, text: try subjectTokenizer(above: node), source: source)
    }

    /// What an explain node works with.
    private func explaining(_ node: Node, minimumExamples: Int, timers: StageTimers) throws -> ExplainContext {
        ExplainContext(
            node: node.id, latents: try latents(node), minimumExamples: minimumExamples,
            waitsForDrain: node.string("when") == "drained", seed: seed(node), lineage: lineage, ledger: ledger,
            compute: compute, width: options.cores, stop: stop, timers: timers)
    }

    /// What a score node works with, and at most this many windows of each further tier of negatives.
    private func scoring(_ node: Node, tierWindows: Int, timers: StageTimers) throws -> ScoringContext {
        let (tiers, pools) = (try tiers(node, count: tierWindows, timers: timers), try pools(above: node))
        return ScoringContext(
            node: node.id, latents: Set(try latents(node)), overlap: overlap(node), seed: seed(node), tiers: tiers,
            lineage: lineage, pools: pools, ledger: ledger, compute: compute, width: options.cores, stop: stop,
            timers: timers, leases: [pools.lease()] + (tiers?.leases() ?? []))
    }

    /// The pool of the reservoir that a score node descends from, shared by all that score on it.
    private func pools(above node: Node) throws -> PoolCache {
        let reservoirs = topology.reservoirNodes(above: node)
        guard let reservoir = reservoirs.first, reservoirs.count == 1 else {
            throw DaemonError(
                .configuration,
                "\(node.id) must descend from one reservoir, not \(reservoirs.count): give each a node of its own")
        }
        return library.pools(of: reservoir, compute: compute)
    }

    /// What draws a score node's further tiers of negatives, so many windows of each; `nil` where it asks for none.
    private func tiers(_ node: Node, count: Int, timers: StageTimers) throws -> TierDrawing? {
        let choice = try NegativesChoice(node)
        guard !choice.tiers.isEmpty else { return nil }
        guard let encode = topology.encodeNodes(above: node).first else {
            throw DaemonError(.configuration, "\(node.id) must descend from an encode node")
        }
        return TierDrawing(
            tiers: choice.tiers, count: count, overlap: overlap(node), seed: seed(node),
            cache: try library.negativeTiers(of: encode, compute: compute, stop: stop),
            pools: try pools(above: node),
            encoder: try choice.encoder.map { try library.embeddings($0, compute: compute) },
            text: try subjectTokenizer(above: node), compute: compute, width: options.cores, timers: timers)
    }

    /// The scorers that ask a judge.
    func judged(_ node: Node, timers: StageTimers) throws -> some Stage<JudgedInput, ScoreBatch> {
        let judge = try library.judge(node.string("model") ?? "")
        let method: JudgedMethod = node.schema.variant?.value == "fuzzing" ? .fuzzing : .detection
        let asksForList =
            switch node.string("answers") {
            case "list": true
            case "probabilities": false
            default: !judge.prefersLogProbabilities
            }
        var settings = JudgedSettings(method: method, form: asksForList ? .list : .logProbabilities)
        settings.positives = node.integer("examples") ?? 50
        settings.negatives = node.integer("examples") ?? 50
        settings.examplesPerPrompt = node.integer("per_prompt") ?? 5
        settings.stopping = try stopping(node)
        let (text, seed, chosen) = (try subjectTokenizer(above: node), seed(node), settings)
        let ledger = ledger
        let work = JudgedWork(
            plan: { subject in
                try ScoringPlan(
                    node: node.id, explanation: subject.explanation, latent: subject.latent, control: subject.control,
                    heldOut: subject.heldOut, settings: chosen, seed: seed, judge: judge.name,
                    judgeDigest: judge.digest, tokens: text)
            },
            run: { plan, judge in
                let outcome = try await JudgedScorer.run(plan, judge: judge, text: text, concurrency: 1)
                try await ledger.keep(KeptVerdicts(plan, outcome), of: plan.job)
                return outcome.score
            })
        return try stage(node, judge: judge, work: work, timers: timers)
    }

    /// When a node stops asking; `nil` for never.
    private func stopping(_ node: Node) throws -> Stopping? {
        guard let rule = node.string("stopping").flatMap({ Stopping.Rule(rawValue: $0) }) else { return nil }
        guard (node.integer("examples") ?? 50) <= Stopping.mostPairs else {
            throw DaemonError(
                .configuration,
                "\(node.id): with `stopping` at most \(Stopping.mostPairs) `examples` can be asked about; lower it")
        }
        var stopping = Stopping(rule: rule)
        stopping.threshold = node.number("threshold") ?? stopping.threshold
        stopping.indifference = node.number("indifference") ?? stopping.indifference
        stopping.error = node.number("error") ?? stopping.error
        stopping.halfWidth = node.number("half_width") ?? stopping.halfWidth
        return stopping
    }

    /// Which cheaper scores settle a node's explanations; `nil` where it reads none.
    private func cascade(_ node: Node) throws -> Cascade? {
        if let fault = topology.cascadeFault(of: node) { throw DaemonError(.configuration, "\(node.id) \(fault)") }
        let gates = topology.scoreNodes(readBy: node)
        guard !gates.isEmpty else { return nil }
        var gate = CascadeGate(
            gates: gates.map(\.id), below: node.number("settle_below"), above: node.number("settle_above"))
        for earlier in gates { gate.note(try store.scores(of: earlier.id)) }
        return Cascade(
            gate: gate,
            method: node.schema.variant?.value ?? "",
            threshold: node.number("threshold") ?? Stopping(rule: .verdict).threshold)
    }

    /// The stage of a scorer that asks a model.
    func stage<Plan>(
        _ node: Node, judge: any Judge, work: JudgedWork<Plan>, timers: StageTimers
    ) throws -> JudgedStage<Plan> {
        // Fuzzing needs windows of each positive's length.
        let windows = (node.integer("examples") ?? 50) * (node.schema.variant?.value == "fuzzing" ? 4 : 1)
        let cascade = try cascade(node)
        var settings = try scoreSettings(node, topic: work.topic, rounds: rounds(node, growth: 4, recent: false))
        settings.controls = node.integer("controls") ?? 8
        settings.gate = cascade?.gate
        try restore(scorer: settings, of: node)
        return JudgedStage(
            context: try scoring(node, tierWindows: windows, timers: timers), judge: judge, work: work,
            cascade: cascade, concurrency: node.integer("concurrency") ?? 2)
    }
}
