import Elements
import StateFixtures
import Store
import Testing

@testable import PipelineSheets

@Suite struct StoredCountsTests {
    @Test(arguments: [2, 4]) func countsOfSharesAddUpToThoseOfOneState(count: Int) throws {
        let state = try PartedState(count)
        let jobs = (1...9).map { number in
            PlannedJob(
                id: Fixture.hash(UInt64(number)), node: "executed", kind: .score, coder: "codes", latent: number,
                payload: [])
        }
        try state.insert(jobs, failing: [Fixture.hash(3): "no", Fixture.hash(4): "no"])
        try state.commit(epoch: 1, deadLetters: (0..<7).map { Fixture.letter($0) })
        for (number, store) in ([state.whole, state.whole] + state.shares.prefix(2)).enumerated() {
            let message = OutboxMessage(
                target: OutboxTarget(sink: "results", topic: "t"), key: [1], value: [2], dedupe: "\(number)")
            try store.commit(CheckpointCommit(epoch: UInt64(2 + number), outbox: [message]))
        }
        func sheet(_ directory: String) throws -> PipelineSheet {
            var sheet = PipelineSheet.chain
            try StoredCounts(of: try Store.joinedReader(directory: directory)).fill(&sheet)
            return sheet
        }
        let whole = try sheet(state.wholePath)
        #expect(try sheet(state.path) == whole)
        #expect(whole.node("executed")?.jobs?.waiting == 7 && whole.node("executed")?.jobs?.failed == 2)
        #expect(whole.node("corpus")?.deadLetters == 7 && whole.node("results")?.queue?.waiting == 2)
    }

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
