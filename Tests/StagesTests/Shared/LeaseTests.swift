import Synchronization
import Testing

@testable import Stages

@Suite(.timeLimit(.minutes(5))) struct LeaseTests {
    @Test func whatIsKeptGoesWithTheLastLeaseAndOnce() async {
        let count = LeaseCount()
        let cleared = Mutex(0)
        let leases = (0..<2).map { _ in count.lease { cleared.withLock { $0 += 1 } } }
        await leases[0].end()
        await leases[0].end()
        #expect(cleared.withLock { $0 } == 0)
        await leases[1].end()
        #expect(cleared.withLock { $0 } == 1)
    }

    @Test func aLeaseThatIsLetGoOfEnds() async {
        let count = LeaseCount()
        await withCheckedContinuation { (cleared: CheckedContinuation<Void, Never>) in
            _ = count.lease { cleared.resume() }
        }
    }
}
