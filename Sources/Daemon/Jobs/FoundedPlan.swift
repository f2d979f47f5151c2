import Elements
import Foundation
import Store

/// A plan to explain a latent, with the evidence it was made from and what the explanation will challenge.
struct FoundedPlan<Plan: Codable>: Codable {
    let plan: Plan
    let basis: EvidenceBasis
    let again: ExplainedAgain?
}

/// What is read of a `FoundedPlan`, whatever its plan is; empty for a plan of a version that noted none.
struct PlanBasis: Decodable {
    let basis: EvidenceBasis?
    let again: ExplainedAgain?
}

extension PlannedJob {
    /// The plan that the payload holds, with what it rests on or, from an older version, without.
    ///
    /// - Throws: `DaemonError` if it cannot be read.
    func foundedPlan<Plan: Codable>(_ type: Plan.Type) throws -> Plan {
        if let founded = try? JSONDecoder().decode(FoundedPlan<Plan>.self, from: Data(payload)) { return founded.plan }
        return try plan(type)
    }

    /// What the plan rests on and what its explanation will challenge.
    func founded() throws -> PlanBasis { try plan(PlanBasis.self) }
}
