package import Dataflow
package import Elements
package import Evidence
package import Lineage
package import Observability
package import Scoring

/// The pool of one reservoir as its score nodes need it: decoded once for each view, whichever of them ask.
package struct PoolCache: Sendable {
    private let compute: ComputePool<Void>
    private let leases = LeaseCount()
    private let decoded: PerViewCache<[PoolWindow]>
    private let silent: PerViewCache<NegativePool>
    /// By part of the windows: those of comparisons and of what was compared.
    private let silentParts: [WindowPart: PerViewCache<NegativePool>]
    private let indexes: PerViewCache<TokenRunIndex>
    private let indexParts: [WindowPart: PerViewCache<TokenRunIndex>]

    /// Makes an empty cache, whose contents are counted under the reservoir's name.
    package init(compute: ComputePool<Void>, memory: MemoryMeter = MemoryMeter(), reservoir: String = "") {
        self.compute = compute
        decoded = PerViewCache(count: MemoryCount(memory, .pools, name: reservoir) { $0.decodedBytes })
        func negatives() -> PerViewCache<NegativePool> {
            PerViewCache(count: MemoryCount(memory, .pools, name: reservoir) { $0.residentBytes })
        }
        silent = negatives()
        silentParts = Dictionary(uniqueKeysWithValues: WindowPart.proper.map { ($0, negatives()) })
        func runs() -> PerViewCache<TokenRunIndex> {
            PerViewCache(count: MemoryCount(memory, .pools, name: reservoir) { $0.residentBytes })
        }
        indexes = runs()
        indexParts = Dictionary(uniqueKeysWithValues: WindowPart.proper.map { ($0, runs()) })
    }

    /// All windows of a view's pool, those of train documents too.
    package func windows(of update: EvidenceUpdate) async throws -> [PoolWindow] {
        try await decoded.made(of: update) { [compute] in try await compute.run { _ in update.view.pool } }
    }

    /// The windows of a view's pool that may serve as negatives, or those of a part of its documents.
    package func negatives(of update: EvidenceUpdate, part: WindowPart = .all) async throws -> NegativePool {
        try await (silentParts[part] ?? silent).made(of: update) { [self] in
            let windows = try await windows(of: update)
            return try await compute.run { _ in NegativePool(pool: windows.filter(part.holds)) }
        }
    }

    /// Which of those windows share a run of tokens with others.
    package func runs(of update: EvidenceUpdate, part: WindowPart = .all) async throws -> TokenRunIndex {
        try await (indexParts[part] ?? indexes).made(of: update) { [self] in
            let windows = try await negatives(of: update, part: part).windows.map(\.window)
            return try await compute.run { _ in TokenRunIndex(of: windows) }
        }
    }

    /// A node's lease, taken before anything runs; the contents are released with the last lease.
    package func lease() -> Lease {
        leases.lease { [decoded, silent, silentParts, indexes, indexParts, compute] in
            await decoded.clear()
            await silent.clear()
            for part in silentParts.values { await part.clear() }
            await indexes.clear()
            for part in indexParts.values { await part.clear() }
            try? await compute.run { _ in Allocator.returnFreeMemory() }
        }
    }
}
