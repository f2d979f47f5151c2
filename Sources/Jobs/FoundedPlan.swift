package import Elements
import Foundation
package import Store

/// A plan to explain a latent, with the evidence it was made from and what the explanation will challenge.
package struct FoundedPlan<Plan: Codable>: Codable {
    package let plan: Plan
    package let basis: EvidenceBasis
    package let again: ExplainedAgain?

    package init(plan: Plan, basis: EvidenceBasis, again: ExplainedAgain?) {
        self.plan = plan
        self.basis = basis
        self.again = again
    }
}

/// What is read of a `FoundedPlan`, whatever its plan is; empty for a plan of a version that noted none.
package struct PlanBasis: Decodable {
    package let basis: EvidenceBasis?
    package let again: ExplainedAgain?
}

extension PlannedJob {
    /// The plan that the payload holds, with what it rests on or, from an older version, without.
    ///
    /// - Throws: `DaemonError` if it cannot be read.
    package func foundedPlan<Plan: Codable>(_ type: Plan.Type) throws -> Plan {
        if let founded = try? JSONDecoder().decode(FoundedPlan<Plan>.self, from: Data(payload)) { return founded.plan }
        return try plan(type)
    }

    /// What the plan rests on and what its explanation will challenge.
    package func founded() throws -> PlanBasis { try plan(PlanBasis.self) }
}
