import Elements
import Foundation
import Running
import StateFixtures
import Store
import Testing

@testable import Jobs

/// Plans as jobs carry them, also those that older versions have written.
@Suite struct PlannedPlanTests {
    private struct Plan: Codable, Sendable, Equatable {
        var question = "dates?"
    }

    private let basis = EvidenceBasis(windowsFired: 40, sample: 3, deciles: [1, 2.5])
    private let round = ScoringRound(epoch: 7, windowsFired: 40, recent: [2, 9], contest: Fixture.hash(5))

    private func job(_ plan: some Encodable) throws -> PlannedJob {
        try PlannedJob(id: Fixture.hash(1), node: "prose", kind: .explain, coder: "codes", latent: 3, plan: plan)
    }

    @Test func aPlanComesBackWithWhatItRestsOn() throws {
        let again = ExplainedAgain(standing: Fixture.hash(9), reason: .grown)
        let job = try job(FoundedPlan(plan: Plan(), basis: basis, again: again))
        #expect(try job.foundedPlan(Plan.self) == Plan())
        let founded = try job.founded()
        #expect(founded.basis == basis && founded.again == again)
    }

    @Test func aPlanOfAnOlderVersionRestsOnNothingThatIsNoted() throws {
        let job = try job(Plan(question: "names?"))
        #expect(try job.foundedPlan(Plan.self) == Plan(question: "names?"))
        let founded = try job.founded()
        #expect(founded.basis == nil && founded.again == nil)
        let planned = try PlanInRound<Plan>(of: job)
        #expect(planned.plan == Plan(question: "names?") && planned.round == nil)
    }

    @Test(arguments: [true, false]) func aScoresPlanComesBackWithItsRoundIfItHasOne(isControl: Bool) throws {
        let planned = try PlanInRound<Plan>(of: job(PlanInRound(plan: Plan(), round: isControl ? nil : round)))
        #expect(planned.plan == Plan() && planned.round == (isControl ? nil : round))
    }

    @Test(arguments: ["", "{", #"{"answer":3}"#, #"{"plan":{"answer":3},"round":null}"#])
    func aPlanThatCannotBeReadSaysWhichJobAndNode(payload: String) {
        let job = PlannedJob(
            id: Fixture.hash(1), node: "prose", kind: .explain, coder: "codes", latent: 3,
            payload: Array(payload.utf8))
        for read in [{ _ = try job.foundedPlan(Plan.self) }, { _ = try PlanInRound<Plan>(of: job) }] {
            let error = #expect(throws: DaemonError.self) { try read() }
            #expect(error?.kind == .runtime)
            let start = "job \(Fixture.hash(1)) of node prose: its plan cannot be read: "
            #expect(error?.description.hasPrefix(start) == true)
        }
    }
}
