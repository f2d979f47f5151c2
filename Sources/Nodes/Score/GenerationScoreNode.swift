import Dataflow
import Elements
import Inference
import Jobs
import LanguageModels
import Running
import Scoring
import Stages
import Tokenization
import Topology

/// Has a model write texts for an explanation, and the subject read them.
struct GenerationScoreNode: AsksJudge {
    static var scoring: any ScoringMethod.Type { GenerationScorer.self }

    private static let model = Field.required("model", .model, "The model that writes the texts.")
    private static let texts = Field.integer(
        "texts", 3...1024, default: 20,
        "Texts of each kind: written for the explanation, and written for none, the same for all latents.")
    private static let perAnswer = Field.integer(
        "per_answer", 1...50, default: 5, "The most texts that one answer is asked for.")
    private static let temperature = Field.number(
        "temperature", 0...2, default: 0.8,
        "The temperature at which answers are drawn; at 0 all texts are asked for in one answer, the likeliest.")
    private static let tokens = Field.integer(
        "tokens", 4...512, default: 40, "The most tokens of a text that the subject reads.")
    private static let strength = Field.number(
        "strength", 0...1, default: 0.5,
        """
        What `strong_rate` counts as a strong response: one above this quantile of the peaks of the held-out windows in \
        which the latent fires.
        """)
    private static let controls = CommonFields.controls("texts written for another latent's explanation are read too")

    static let schema = NodeSchema(
        kind: .stage, type: "score", variant: NodeSchema.Variant(field: "method", value: method),
        inputs: [.explanations], output: .scores,
        fields: [
            model.schema, CommonFields.latents.schema, CommonFields.overlap.schema, texts.schema, perAnswer.schema,
            temperature.schema, tokens.schema, strength.schema, controls.schema, CommonFields.concurrency.schema,
            CommonFields.priority.schema, CommonFields.seed.schema,
        ],
        documentation: """
            Has a model write short texts that should set the latent off, given only the explanation, and has the subject \
            read them; the score is the area under the ROC curve of the largest activations in them and in texts written \
            for no explanation. It needs the subject in this process.
            """)

    let node: Node
    let asked: AskedFields
    private let model: String
    private var settings = GenerationSettings()

    var models: [ModelUse] { [node.use(Self.model, model)] }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        asked = try AskedFields(node, controls: Self.controls)
        model = try node[Self.model]
        settings.texts = try node[Self.texts]
        settings.textsPerAnswer = try node[Self.perAnswer]
        settings.temperature = try node[Self.temperature]
        settings.tokens = try node[Self.tokens]
        settings.strength = try node[Self.strength]
    }

    func check(in graph: Graph, into findings: inout NodeFindings) {
        graph.checkEvidence(above: node, into: &findings)
        // One that is missing is reported with the evidence.
        guard let codes = graph.nearest((any GivesCodes).self, above: node).first else { return }
        guard graph.encodedSubject(of: codes) == nil else { return }
        findings.report(.badCoder, node.mark, Self.noSubject(id), help: "feed it from an encode node")
    }

    func memory(_ shape: ScoringMemory) -> Double {
        // Texts of every job under way and those for no explanation, with the codes of all their tokens.
        let tokens = Double(settings.texts * settings.tokens) * Double(asked.concurrency + 1)
        return shape.judging(self, windows: 0) + tokens * (12 * Double(CodesShape.unknownActive) + 64)
    }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        let writer = try context.library.judge(model)
        let reader = try reader(context)
        let tools = GenerationTools(
            writer: writer, reader: reader, plain: PlainTexts(), concurrency: context.library.calls(to: model))
        let (id, seed, settings, jobStore) = (id, seed, settings, context.jobStore)
        let work = JudgedWork<GenerationPlan>(
            plan: { subject in
                try GenerationPlan(
                    subject: subject.named(by: id, judge: writer, seed: seed),
                    evidence: GenerationEvidence(heldOut: subject.heldOut, reader: reader.digest), settings: settings)
            },
            run: { plan, _ in
                let outcome = try await GenerationScorer.outcome(of: plan, with: tools)
                try await jobStore.keep(outcome.texts, of: plan.job)
                return outcome.score
            })
        // The texts do not change as evidence grows, so an explanation is scored once.
        let stage = try context.stage(self, judge: writer, work: work, rounds: .never, windows: 0, timers: timers)
        pipeline.judge(node, stage, timers)
    }

    private static func noSubject(_ id: String) -> String {
        "\(id) descends from no encode and forward node, so there is no subject to read what is written"
    }

    /// The subject and the coder above the node, as ingest runs them.
    private func reader(_ context: NodeContext) throws -> SubjectReader {
        let codes = try context.graph.codes(above: node)
        guard let path = try context.graph.subjectPath(of: codes, mode: context.batchMode) else {
            throw DaemonError(.configuration, Self.noSubject(id))
        }
        return SubjectReader(
            path, name: id, threads: min(asked.concurrency, context.options.cores), permits: context.permits)
    }
}
