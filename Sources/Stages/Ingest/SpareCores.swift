package import Dataflow
package import Evidence
package import LinearAlgebra

/// The cores that nothing else computes on at the moment, as helpers of one thread.
package struct SpareCores: Sendable {
    package let team: WorkTeam
    private let permits: CorePermits

    /// Makes helpers for all cores but one, which take part as far as permits are free.
    package init(name: String, cores: Int, permits: CorePermits) {
        team = WorkTeam(name: "\(name)-help", helpers: cores - 1)
        self.permits = permits
    }

    /// Runs work that may share out pieces of itself, with a permit for each helper.
    package func help<Output, Failure>(
        _ work: (WorkSharing) throws(Failure) -> Output
    ) throws(Failure) -> Output {
        var taken = 0
        while taken < team.helpers, permits.tryAcquire() { taken += 1 }
        defer { for _ in 0..<taken { permits.release() } }
        return try team.join(helpers: taken) { members in
            Result { () throws(Failure) -> Output in
                try work(
                    WorkSharing(members: members) { count, piece in
                        team.perform(count, members: members, piece)
                    })
            }
        }.get()
    }
}
