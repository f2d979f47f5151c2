import Elements
import Evidence
import Inference
import Interchange
import Jobs
import Lineage
import Running
import Scoring
import Stages
import Topology

/// The fields of detection and fuzzing.
struct JudgedFields: Sendable {
    private static let model = Field.required("model", .model, "The judge.")
    /// The form of answers; `nil` for the one that the model prefers.
    private static let form = Field<AnswerForm?>.choice(
        "answers", among: ["auto", "list", "probabilities"], default: "auto",
        """
        A JSON list for several examples at once, or yes/no log-probabilities one by one; `auto` takes \
        log-probabilities of a model in this process and lists of a server.
        """
    ) { word in
        switch word {
        case "list": .some(.list)
        case "probabilities": .some(.logProbabilities)
        default: .some(nil)
        }
    }
    private static let perPrompt = Field.integer(
        "per_prompt", 1...50, default: 5, "Examples in one prompt when a list is asked for.")

    private static let clip = Field.optionalInteger(
        "clip", 4...4096,
        """
        The tokens of a window that are shown, round where the latent fires most, or all marks with `fuzzing`; whole \
        windows where it is not given.
        """)
    private static let calibration = Field.integer(
        "calibration", 0...64, default: 4,
        """
        With `answers: probabilities`: windows of the train side of each kind asked about besides, by which the threshold \
        of yes is fitted; 0 for none.
        """)
    /// The fields; `controls` is the method's own.
    static func fields(controls: Field<Int>) -> [FieldSchema] {
        [model.schema, CommonFields.latents.schema, CommonFields.overlap.schema] + NegativeTierFields.fields
            + [
                CommonFields.examples.schema, form.schema, perPrompt.schema, clip.schema, calibration.schema,
                controls.schema,
                CommonFields.concurrency.schema, CommonFields.priority.schema, CommonFields.seed.schema,
            ] + StoppingFields.fields + CascadeFields.fields + RoundFields.judged.fields
    }

    let model: String
    let asked: AskedFields
    let negatives: NegativeTierFields
    let examples: Int
    let cascade: CascadeFields
    let rounds: RoundRule
    private let form: AnswerForm?
    private let perPrompt: Int
    private let clip: Int?
    private let calibration: Int
    private let stopping: Stopping?
    private let node: Node

    init(_ node: Node, controls: Field<Int>) throws(TopologyError) {
        self.node = node
        model = try node[Self.model]
        asked = try AskedFields(node, controls: controls)
        negatives = try NegativeTierFields(node)
        examples = try node[CommonFields.examples]
        form = try node[Self.form]
        perPrompt = try node[Self.perPrompt]
        clip = try node[Self.clip]
        calibration = try node[Self.calibration]
        let stopping = try StoppingFields(node)
        self.stopping = stopping.stopping
        cascade = try CascadeFields(node, threshold: stopping.threshold)
        rounds = try RoundFields.judged.rule(of: node)
    }

    var models: [ModelUse] { [node.use(Self.model, model), negatives.use(in: node)].compactMap(\.self) }

    func check(in graph: Graph, into findings: inout NodeFindings) {
        graph.checkEvidence(above: node, into: &findings)
        cascade.check(node, in: graph, into: &findings)
        negatives.check(node, in: graph, stops: stopping != nil, into: &findings)
        if stopping != nil, graph.isBatched(model) {
            findings.report(
                .batchAfterBatch, node.mark(of: StoppingFields.rule),
                "\(node.id): with `stopping` each call waits for the one before, and model \(model) answers after hours "
                    + "(`batch`); leave one of them out")
        }
        if let tooMany { findings.report(.outOfRange, node.mark(of: CommonFields.examples), "\(node.id): \(tooMany)") }
    }

    /// Why so many examples cannot be asked about; `nil` if they can.
    private var tooMany: String? {
        guard stopping != nil, examples > Stopping.mostPairs else { return nil }
        return "with `stopping` at most \(Stopping.mostPairs) `examples` can be asked about; lower it"
    }

    /// The questions asked of a judge, and the use made of the answers.
    func work(_ method: JudgedMethod, judge: any LanguageModelClient, _ context: NodeContext) throws -> JudgedWork<
        ScoringPlan
    > {
        if let tooMany { throw DaemonError(.configuration, "\(node.id): \(tooMany)") }
        var settings = JudgedSettings(
            method: method, form: form ?? (judge.prefersLogProbabilities ? .logProbabilities : .list))
        settings.positives = examples
        settings.negatives = examples
        settings.examplesPerPrompt = perPrompt
        settings.clip = clip
        settings.stopping = stopping
        // Where one stops at an answer, the answers that came are no sample of which an area could be taken.
        if settings.form == .logProbabilities, stopping == nil {
            settings.figure = .area
            settings.calibration = calibration > 0 ? calibration : nil
        }
        let (tokenDecoder, chosen) = (try context.tokenizer(above: node), settings)
        let (id, seed, jobStore) = (node.id, asked.seed, context.jobStore)
        let calls = context.library.batchedCalls(to: model) ?? 1
        return JudgedWork(
            plan: { subject in
                try ScoringPlan(
                    subject: subject.named(by: id, judge: judge, seed: seed), heldOut: subject.heldOut,
                    train: chosen.calibration.map { _ in
                        TrainWindows(
                            positives: subject.update.view.evidence(of: subject.latent).train,
                            negatives: Negatives.train(for: subject.latent, in: subject.pool))
                    }, settings: chosen, tokens: tokenDecoder)
            },
            run: { plan, judge in
                let outcome = try await JudgedScorer.run(
                    plan, judge: judge, tokenDecoder: tokenDecoder, concurrency: calls)
                try await jobStore.keep(KeptVerdicts(plan, outcome), of: plan.job)
                return outcome.score
            })
    }
}
