import Jobs
import Scoring
import Store
import Testing

@testable import Nodes

extension BuiltGraph {
    /// The plans of a node's open jobs, by latent, those of controls last.
    func plans<Plan: JudgedPlan>(_ type: Plan.Type, of node: String) throws -> [Plan] {
        try store.jobs(of: node, in: .open).map { try PlanInRound<Plan>(of: $0.job).plan }
            .sorted { ($0.control ?? "", $0.latent) < ($1.control ?? "", $1.latent) }
    }
}

extension PlantedGraph {
    /// The plans of a score node with some fields, under a budget that lets none of its questions be asked.
    func plans<Plan: JudgedPlan>(_ type: Plan.Type, _ fields: String) async throws -> [Plan] {
        let built = try built(
            """
              words: { type: explain, explainer: lexical, inputs: [evidence] }
              told: { type: score, inputs: [words], model: far, \(fields) }

            """, budget: Self.spent)
        try await built.run()
        let jobs = try built.store.jobs(of: "told")
        #expect(jobs.allSatisfy { $0.state == .open && $0.job.kind == .score && $0.job.coder == "cached" })
        let plans = try built.plans(type, of: "told")
        try await built.close()
        return plans
    }

    /// Whether a latent's token is in a window, which is a whole row.
    static func fires(_ latent: Int, in tokens: [UInt32]) -> Bool { tokens.contains(planted[latent]) }
}
