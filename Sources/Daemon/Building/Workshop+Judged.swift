import Dataflow
import Elements
import Inference
import Scoring
import Tokenization
import Topology

extension Workshop {
    /// The scorer that has a model tell activations.
    func simulation(_ node: Node, timers: StageTimers) throws -> some Stage<JudgedInput, ScoreBatch> {
        var settings = SimulationSettings()
        settings.positives = node.integer("examples") ?? 50
        settings.negatives = node.integer("examples") ?? 50
        settings.scale = node.integer("scale") ?? 10
        let (chosen, text) = (settings, try subjectTokenizer(above: node))
        let (id, seed) = (node.id, seed(node))
        return try asking(node, timers: timers) { judge, calls in
            JudgedWork(
                plan: { subject in
                    try SimulationPlan(
                        subject: subject.named(by: id, judge: judge, seed: seed), heldOut: subject.heldOut,
                        maximum: subject.update.view.statistics(of: subject.latent).maximum, settings: chosen)
                },
                run: { try await SimulationScorer.run($0, judge: $1, text: text, concurrency: calls) })
        }
    }

    /// The scorer that measures how surprising windows are.
    func surprisal(_ node: Node, timers: StageTimers) throws -> some Stage<JudgedInput, ScoreBatch> {
        var settings = SurprisalSettings()
        settings.positives = node.integer("examples") ?? 50
        settings.negatives = node.integer("examples") ?? 50
        let (chosen, text) = (settings, try subjectTokenizer(above: node))
        let (id, seed) = (node.id, seed(node))
        return try asking(node, timers: timers) { judge, calls in
            JudgedWork(
                plan: { subject in
                    try SurprisalPlan(
                        subject: subject.named(by: id, judge: judge, seed: seed), heldOut: subject.heldOut,
                        settings: chosen)
                },
                run: { try await SurprisalScorer.run($0, judge: $1, text: text, concurrency: calls) })
        }
    }

    /// The scorer that looks for intruders, whatever was explained.
    func intruder(_ node: Node, timers: StageTimers) throws -> some Stage<JudgedInput, ScoreBatch> {
        let text = try subjectTokenizer(above: node)
        let (id, seed) = (node.id, seed(node))
        return try asking(node, timers: timers) { judge, calls in
            let isByText =
                switch node.string("answers") {
                case "text": true
                case "probabilities": false
                default: !judge.prefersLogProbabilities
                }
            var settings = IntruderSettings(form: isByText ? .list : .logProbabilities)
            settings.trials = node.integer("trials") ?? 30
            settings.windows = node.integer("windows") ?? 5
            let chosen = settings
            return JudgedWork(
                topic: IntruderScorer.topic,
                plan: { subject in
                    try IntruderPlan(
                        subject: subject.named(by: id, judge: judge, seed: seed), heldOut: subject.heldOut,
                        settings: chosen,
                        tokens: text)
                },
                run: { try await IntruderScorer.run($0, judge: $1, text: text, concurrency: calls) })
        }
    }

    /// The stage of a scorer whose work is made for a judge and so many calls under way for one job.
    private func asking<Plan>(
        _ node: Node, timers: StageTimers, _ work: (any Judge, Int) throws -> JudgedWork<Plan>
    ) throws -> JudgedStage<Plan> {
        let judge = try library.judge(node.string("model") ?? "")
        // A model in this process works on prompts side by side; a server has its own limit.
        let calls = library.isInProcess(node.string("model") ?? "") ? 8 : 1
        return try stage(node, judge: judge, work: work(judge, calls), timers: timers)
    }
}

extension JudgedWork.Subject {
    /// What a plan says of what it scores.
    func named(by node: String, judge: any Judge, seed: UInt64) -> PlanSubject {
        PlanSubject(
            node: node, explanation: explanation, latent: latent, control: control, judge: judge, seed: seed,
            heldOut: heldOut.account)
    }
}
