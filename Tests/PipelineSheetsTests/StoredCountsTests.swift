import Elements
import StateFixtures
import Store
import Testing

@testable import PipelineSheets

@Suite struct StoredCountsTests {
    @Test func countsAreThoseOfTheState() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        try store.insertJobs([
            PlannedJob(id: Fixture.hash(1), node: "executed", kind: .score, coder: "codes", latent: 1, payload: []),
            PlannedJob(id: Fixture.hash(2), node: "executed", kind: .score, coder: "codes", latent: 2, payload: []),
        ])
        try store.fail(job: Fixture.hash(2), reason: "no", attempts: 1)
        var sheet = PipelineSheet.chain
        try StoredCounts(of: store).fill(&sheet)
        #expect(sheet.node("executed")?.jobs?.waiting == 1 && sheet.node("executed")?.jobs?.failed == 1)
        // Without a daemon nothing is said of what flows.
        #expect(
            sheet.run == nil && sheet.verdict == nil && sheet.nodes.allSatisfy { $0.state == nil && $0.times == nil })
        #expect(sheet.node("corpus")?.deadLetters == 0 && sheet.node("results")?.queue?.waiting == 0)
    }
}
