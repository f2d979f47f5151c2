import Elements
import StateFixtures
import Store
import Testing

@testable import Daemon

@Suite struct ResumptionTests {
    @Test func itTellsWhereAStartGoesOn() {
        let resumption = Resumption(
            epoch: 12, tokens: ["evidence": 29_083],
            fences: [Fixture.fence(next: 300, last: Fence.LastRecord(offset: 299, hash: 1))],
            jobs: ["detected": 12, "executed": 0, "prose": 3])
        #expect(
            resumption.text
                == "going on from checkpoint 12: evidence counts 29083 tokens; corpus goes on at 300 of texts/0; jobs left: "
                + "12 of detected, 3 of prose")
    }

    @Test func manyPartitionsAreCounted() {
        let fences = (0..<7).map { Fence(source: "corpus", topic: "texts", partition: $0, next: 5, last: nil) }
        let text = Resumption(epoch: 1, fences: fences).text
        #expect(text.hasSuffix("corpus goes on at 5 of texts/3; 3 more partitions; no job is left"))
    }

    /// The notice of a whole start is among those of `DrainedRunTests`.
    @Test func aFreshStateHasNothingToGoOnFrom() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        #expect(try Resumption(of: store, results: store, nodes: ["evidence"]) == nil)
        try store.insertJobs([Fixture.job(12)])
        try store.commit(CheckpointCommit(epoch: 3))
        let resumption = try #require(try Resumption(of: store, results: store, nodes: ["prose"]))
        #expect(resumption.epoch == 3 && resumption.jobs == ["prose": 1])
    }
}
