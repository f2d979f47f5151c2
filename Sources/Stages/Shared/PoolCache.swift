package import Dataflow
package import Elements
package import Evidence
package import Observability
package import Scoring

/// The pool of one reservoir as its score nodes need it: decoded once for each view, whichever of them ask.
package struct PoolCache: Sendable {
    private let compute: ComputePool<Void>
    private let leases = LeaseCount()
    private let decoded: PerViewCache<[PoolWindow]>
    private let silent: PerViewCache<NegativePool>
    private let indexes: PerViewCache<TokenRunIndex>

    /// Makes an empty cache, whose contents are counted under the reservoir's name.
    package init(compute: ComputePool<Void>, memory: MemoryMeter = MemoryMeter(), reservoir: String = "") {
        self.compute = compute
        decoded = PerViewCache(count: MemoryCount(memory, .pools, name: reservoir) { $0.decodedBytes })
        silent = PerViewCache(count: MemoryCount(memory, .pools, name: reservoir) { $0.residentBytes })
        indexes = PerViewCache(count: MemoryCount(memory, .pools, name: reservoir) { $0.residentBytes })
    }

    /// All windows of a view's pool, those of train documents too.
    package func windows(of update: EvidenceUpdate) async throws -> [PoolWindow] {
        try await decoded.made(of: update) { [compute] in try await compute.run { _ in update.view.pool } }
    }

    /// The windows of a view's pool that may serve as negatives.
    package func negatives(of update: EvidenceUpdate) async throws -> NegativePool {
        try await silent.made(of: update) { [self] in
            let windows = try await windows(of: update)
            return try await compute.run { _ in NegativePool(pool: windows) }
        }
    }

    /// Which of those windows share a run of tokens with others.
    package func runs(of update: EvidenceUpdate) async throws -> TokenRunIndex {
        try await indexes.made(of: update) { [self] in
            let windows = try await negatives(of: update).windows.map(\.window)
            return try await compute.run { _ in TokenRunIndex(of: windows) }
        }
    }

    /// A node's lease, taken before anything runs; the contents are released with the last lease.
    package func lease() -> Lease {
        leases.lease { [decoded, silent, indexes, compute] in
            await decoded.clear()
            await silent.clear()
            await indexes.clear()
            try? await compute.run { _ in Allocator.returnFreeMemory() }
        }
    }
}
