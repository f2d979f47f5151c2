import Dataflow
import Elements
import Scoring
import StateFixtures
import Testing

@testable import Stages

@Suite struct PoolCacheTests {
    private let cache = PoolCache(compute: ComputePool<Void>(name: "compute", threads: 1))
    private let windows = [
        Fixture.pooled([1, 2], latents: [0]), Fixture.pooled([3, 4], isTrain: true), Fixture.pooled([5, 6]),
    ]

    private func update(_ view: CountedView, epoch: UInt64 = 1) -> EvidenceUpdate {
        EvidenceUpdate(view: view, epoch: epoch, isCaughtUp: true)
    }

    @Test func aViewsPoolIsDecodedOnceForAllWhoAsk() async throws {
        let view = CountedView(windows)
        let update = update(view)
        async let first = cache.windows(of: update)
        async let silent = cache.negatives(of: update)
        async let second = cache.windows(of: update)
        async let again = cache.negatives(of: update)
        let (all, others) = (try await [first, second], try await [silent.windows, again.windows])
        #expect(all == [windows, windows])
        // What a train document holds is no negative.
        #expect(others.allSatisfy { $0 == [windows[0], windows[2]] })
        #expect(view.timesDecoded == 1)
    }

    @Test func nodesMayBeAViewApartButAThirdViewTakesThePlaceOfTheFirst() async throws {
        let views = (0..<3).map { CountedView(windows, digest: Fixture.hash($0)) }
        for number in [0, 1, 0, 1, 2, 1, 2, 0] {
            _ = try await cache.windows(of: update(views[number], epoch: UInt64(number)))
        }
        #expect(views.map(\.timesDecoded) == [2, 1, 1])
    }

    @Test func theSameEvidenceAtALaterEpochIsAnotherView() async throws {
        let view = CountedView(windows)
        for epoch in [1, 2, 1, 2] as [UInt64] { _ = try await cache.windows(of: update(view, epoch: epoch)) }
        #expect(view.timesDecoded == 2)
    }

    @Test func thePoolIsLetGoOfWhenItsLastUserHasEnded() async throws {
        let view = CountedView(windows)
        let leases = [cache.lease(), cache.lease()]
        for lease in leases {
            _ = try await cache.negatives(of: update(view))
            #expect(view.timesDecoded == 1)
            await lease.end()
        }
        _ = try await cache.negatives(of: update(view))
        #expect(view.timesDecoded == 2)
    }
}
