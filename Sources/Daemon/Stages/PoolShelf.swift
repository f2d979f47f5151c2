import Dataflow
import Elements
import Scoring

/// The pool of one reservoir as its score nodes need it: decoded once for each view, whichever of them ask.
struct PoolShelf: Sendable {
    private let compute: ComputePool<Void>
    private let readers = Readers()
    private let decoded = ViewMemo<[PoolWindow]>()
    private let silent = ViewMemo<NegativePool>()

    /// Makes an empty shelf.
    init(compute: ComputePool<Void>) { self.compute = compute }

    /// All windows of a view's pool, those of train documents too.
    func windows(of update: EvidenceUpdate) async throws -> [PoolWindow] {
        try await decoded.made(of: update) { [compute] in try await compute.run { _ in update.view.pool } }
    }

    /// The windows of a view's pool that may serve as negatives.
    func negatives(of update: EvidenceUpdate) async throws -> NegativePool {
        try await silent.made(of: update) { [self] in
            let windows = try await windows(of: update)
            return try await compute.run { _ in NegativePool(pool: windows) }
        }
    }

    /// Notes that a node may ask for pools, before anything runs.
    func opened(by node: String) { readers.add(node) }

    /// Notes that a node asks for none any more; what is kept goes with the last.
    func closed(by node: String) async {
        guard readers.remove(node) else { return }
        await decoded.clear()
        await silent.clear()
        try? await compute.run { _ in Allocator.returnFreeMemory() }
    }
}
