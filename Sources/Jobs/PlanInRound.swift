package import Elements
import Foundation
package import Store

/// A plan to score an explanation, with the evidence that the score will rest on.
package struct PlanInRound<Plan: Codable & Sendable>: Codable, Sendable {
    package let plan: Plan
    /// `nil` for a control, and in a plan of a version that noted none.
    package let round: ScoringRound?

    package init(plan: Plan, round: ScoringRound?) {
        self.plan = plan
        self.round = round
    }

    /// Reads a job's payload, which in an older version was the plan alone.
    ///
    /// - Throws: `DaemonError` if it cannot be read.
    package init(of job: PlannedJob) throws {
        if let whole = try? JSONDecoder().decode(Self.self, from: Data(job.payload)) {
            self = whole
        } else {
            self.init(plan: try job.plan(Plan.self), round: nil)
        }
    }
}
