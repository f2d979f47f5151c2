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
    /// By part of the windows: all of them, and those of comparisons and of what was compared.
    private let parts: [WindowPart: Negatives]

    /// What serves as negatives of one part, and which of it share a run of tokens with others.
    private struct Negatives {
        let silent: PerViewCache<NegativePool>
        let indexes: PerViewCache<TokenRunIndex>

        func clear() async {
            await silent.clear()
            await indexes.clear()
        }
    }

    /// Makes an empty cache, whose contents are counted under the reservoir's name.
    package init(compute: ComputePool<Void>, memory: MemoryMeter = MemoryMeter(), reservoir: String = "") {
        self.compute = compute
        decoded = PerViewCache(count: MemoryCount(memory, .pools, name: reservoir) { $0.decodedBytes })
        parts = Dictionary(
            uniqueKeysWithValues: WindowPart.every.map { part in
                let negatives = Negatives(
                    silent: PerViewCache(count: MemoryCount(memory, .pools, name: reservoir) { $0.residentBytes }),
                    indexes: PerViewCache(count: MemoryCount(memory, .pools, name: reservoir) { $0.residentBytes }))
                return (part, negatives)
            })
    }

    /// All windows of a view's pool, those of train documents too.
    package func windows(of update: EvidenceUpdate) async throws -> [PoolWindow] {
        try await decoded.made(of: update) { [compute] in try await compute.run { _ in update.view.pool } }
    }

    /// The windows of a view's pool that may serve as negatives, or those of a part of its documents.
    package func negatives(of update: EvidenceUpdate, part: WindowPart = .all) async throws -> NegativePool {
        let make = { @Sendable [self] in
            let windows = try await windows(of: update)
            return try await compute.run { _ in
                NegativePool(pool: part == .all ? windows : windows.filter(part.holds))
            }
        }
        guard let cache = parts[part]?.silent else { return try await make() }
        return try await cache.made(of: update, by: make)
    }

    /// Which of those windows share a run of tokens with others.
    package func runs(of update: EvidenceUpdate, part: WindowPart = .all) async throws -> TokenRunIndex {
        let make = { @Sendable [self] in
            let windows = try await negatives(of: update, part: part).windows.map(\.window)
            return try await compute.run { _ in TokenRunIndex(of: windows) }
        }
        guard let cache = parts[part]?.indexes else { return try await make() }
        return try await cache.made(of: update, by: make)
    }

    /// A node's lease, taken before anything runs; the contents are released with the last lease.
    package func lease() -> Lease {
        leases.lease { [decoded, parts, compute] in
            await decoded.clear()
            for part in parts.values { await part.clear() }
            try? await compute.run { _ in Allocator.returnFreeMemory() }
        }
    }
}
