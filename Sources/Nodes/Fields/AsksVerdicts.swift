import Dataflow
import Scoring
import Topology

/// A node that asks a judge of windows whether they are as an explanation has it.
protocol AsksVerdicts: AsksJudge {
    /// What the judge is asked.
    static var verdicts: JudgedMethod { get }
    /// Its fields.
    var judged: JudgedFields { get }
    /// The windows it needs of each further tier of negatives.
    var tierWindows: Int { get }
}

extension AsksVerdicts {
    var asked: AskedFields { judged.asked }
    var negatives: NegativeTierFields? { judged.negatives }
    var cascade: CascadeFields? { judged.cascade }
    var models: [ModelUse] { judged.models }

    func check(in graph: Graph, into findings: inout NodeFindings) {
        judged.check(in: graph, into: &findings)
    }

    func memory(_ shape: ScoringMemory) -> Double { shape.judging(self, windows: judged.examples) }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        let judge = try context.library.judge(judged.model)
        let work = try judged.work(Self.verdicts, judge: judge, context)
        let stage = try context.stage(
            self, judge: judge, work: work, rounds: judged.rounds, windows: tierWindows,
            jobs: context.library.jobs(asking: judged.model, asked.concurrency), timers: timers)
        pipeline.judge(node, stage, timers)
    }
}
