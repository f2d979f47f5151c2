import Elements
import Testing

@testable import Store

@Suite struct ResultCountTests {
    @Test func resultsAreCountedByNodeAndCoderAndOpenJobsAreNot() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        #expect(try store.resultCounts().isEmpty)
        try store.record(
            explanations: [3, 9].map { Fixture.explanation($0) } + [Fixture.explanation(5, node: "again")])
        try store.insertJobs([Fixture.job(20)])
        #expect(
            try store.resultCounts() == [
                ResultCount(node: "again", coder: "codes", count: 1, latents: 5...5),
                ResultCount(node: "prose", coder: "codes", count: 2, latents: 3...9),
            ])
        #expect(try store.latents(of: store.resultCounts()[1]) == [3, 9])
    }

    @Test func theResultsOfSomeLatentsAreThoseOfAllThatAreAboutThem() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.record(
            explanations: (0..<20).map { Fixture.explanation($0) }
                + (20..<30).map { Fixture.explanation($0, node: "again") })
        let keys = [2, 5, 25, 400].map { LatentKey(coder: "codes", latent: $0) }
        let found = try store.explanations(about: keys)
        #expect(found == (try store.explanations()).filter { [2, 5, 25].contains($0.latent) } && found.count == 3)
        #expect(try store.scores(about: keys).isEmpty)
    }
}
