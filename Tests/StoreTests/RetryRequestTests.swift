import Foundation
import Testing

@testable import Store

/// Jobs that somebody asks to be tried at once, beside the process that owns the state.
@Suite struct RetryRequestTests {
    private let directory: TemporaryDirectory
    private let store: Store

    /// Two failed jobs, one that waits for another try, an open one and a done one.
    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.open()
        try store.insertJobs([
            Fixture.job(1), Fixture.job(2, node: "other", latent: 1), Fixture.job(3), Fixture.job(4), Fixture.job(5),
        ])
        for number in [UInt64(1), 2] { try store.fail(job: Fixture.hash(number), reason: "400", attempts: 3) }
        try store.retry(job: Fixture.hash(3), reason: "500", attempts: 2, notBefore: Fixture.time + 60_000)
        _ = try store.record(explanations: [Fixture.explanation(5)], scores: [], choices: []) { _ in [] }
    }

    @Test func allThatFailedOrWaitsIsOpenedOnceAndTheRestIsLeft() throws {
        #expect(try store.takeRetryRequests().isEmpty)
        #expect(try RetryRequests.add(directory: directory.state) == 3)
        let taken = try store.takeRetryRequests()
        #expect(Set(taken.map(\.job.id)) == Set([1, 2, 3].map { Fixture.hash($0) }))
        #expect(taken.allSatisfy { $0.state == .open && $0.attempts == 0 && $0.notBefore == 0 })
        #expect(try store.jobs(in: .failed).isEmpty && store.jobs(in: .done).count == 1)
        #expect(try store.takeRetryRequests().isEmpty)
    }

    @Test(
        arguments: [
            ("prose", [], [1, 3]), ("prose", [1], [1]), (nil, [1], [1, 2]), ("other", [3], []), ("nobody", [], []),
            (nil, [3, 1], [1, 2, 3]),
        ] as [(String?, [Int], [UInt64])])
    func aRequestIsForANodeAndForLatents(node: String?, latents: [Int], jobs: [UInt64]) throws {
        #expect(try RetryRequests.add(directory: directory.state, node: node, latents: latents) == jobs.count)
        #expect(Set(try store.takeRetryRequests().map(\.job.id)) == Set(jobs.map { Fixture.hash($0) }))
    }

    @Test func aRequestThatNobodyTookIsThereAtTheNextStart() throws {
        try store.close()
        #expect(try RetryRequests.add(directory: directory.state, latents: [3]) == 1)
        let next = try directory.open()
        #expect(try next.takeRetryRequests().map(\.job.id) == [Fixture.hash(3)])
    }

    @Test func aFolderWithoutAStateIsRefusedAndStaysAsItWas() throws {
        let empty = try TemporaryDirectory()
        #expect(throws: StoreError.self) { try RetryRequests.add(directory: empty.path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: empty.path).isEmpty)
    }
}
