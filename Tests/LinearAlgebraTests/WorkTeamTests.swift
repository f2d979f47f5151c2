import LinearAlgebra
import Synchronization
import Testing

@Suite struct WorkTeamTests {
    @Test(arguments: [0, 1, 3]) func everyPieceIsDoneOnce(helpers: Int) {
        let team = WorkTeam(name: "test", helpers: helpers)
        #expect(team.helpers == helpers)
        let done = Mutex([Int: Int]())
        let members = Mutex(Set<Int>())
        let joined = team.join(helpers: 8) { count in
            for _ in 0..<300 {
                team.perform(7, members: count) { piece, member in
                    done.withLock { $0[piece, default: 0] += 1 }
                    members.withLock { _ = $0.insert(member) }
                }
                // All are done when `perform` returns.
                #expect(Set(done.withLock { Array($0.values) }).count == 1)
            }
            return count
        }
        #expect(joined == helpers + 1)
        #expect(done.withLock { $0 } == Dictionary(uniqueKeysWithValues: (0..<7).map { ($0, 300) }))
        #expect(members.withLock { $0.isSubset(of: Set(0...helpers)) })
    }

    @Test func helpersAreWokenFromSleep() {
        let team = WorkTeam(name: "test", helpers: 1)
        let second = Atomic(false)
        team.join(helpers: 1) { count in
            // The piece that comes first waits for the other, which only a helper can do.
            team.perform(2, members: count) { piece, _ in
                if piece == 0 {
                    while !second.load(ordering: .acquiring) {}
                } else {
                    second.store(true, ordering: .releasing)
                }
            }
        }
        let isDone = second.load(ordering: .acquiring)
        #expect(isDone)
    }

    @Test func whoComesSecondWorksAlone() {
        let team = WorkTeam(name: "test", helpers: 1)
        let inner = team.join(helpers: 1) { outer in (outer, team.join(helpers: 1) { $0 }) }
        #expect(inner.0 == 2 && inner.1 == 1)
        #expect(team.join(helpers: 0) { $0 } == 1)
        #expect(team.join(helpers: 1) { $0 } == 2)
    }
}
