import Elements
import LinearAlgebra
package import SparseCoders
import Synchronization

/// The latents whose decoder directions point the same way, found once for each latent.
///
/// It reads the decoder in blocks, so that a wide coder is not held a second time.
package final class DirectionNeighbours: Sendable {
    private static let block = 4096

    private let coder: SparseCoder
    private let count: Int
    private let known = Mutex<[Int: [Int]]>([:])

    /// Makes a finder of the `count` nearest latents of each.
    package init(coder: SparseCoder, count: Int) {
        self.coder = coder
        self.count = count
    }

    /// By latent: those of largest cosine with it, nearest first (ties: the lower latent); those of none or a negative one
    /// are left out.
    ///
    /// - Throws: `CoderError` if a latent does not exist or the weights cannot be read any more.
    package func neighbours(of latents: [Int]) throws -> [Int: [Int]] {
        let missing = known.withLock { known in Set(latents).filter { known[$0] == nil }.sorted() }
        if !missing.isEmpty {
            let found = try nearest(to: missing)
            known.withLock { $0.merge(found) { first, _ in first } }
        }
        return known.withLock { known in
            Dictionary(latents.map { ($0, known[$0] ?? []) }) { first, _ in first }
        }
    }

    private func nearest(to latents: [Int]) throws -> [Int: [Int]] {
        let queries = try latents.map { Self.unit(try coder.decoderRow($0)) }
        var best = [[(cosine: Float, latent: Int)]](repeating: [], count: latents.count)
        for start in stride(from: 0, to: coder.latents, by: Self.block) {
            let rows = try coder.decoderRows(start..<min(start + Self.block, coder.latents))
            let width = rows.columns
            for row in 0..<rows.rows {
                let direction = Self.unit(Array(rows.values[row * width..<(row + 1) * width]))
                for (place, query) in queries.enumerated() where latents[place] != start + row {
                    // One pair at a time: a product of many would depend on which latents are asked about together.
                    let cosine = VectorKernels.best.dot(query, direction, count: width)
                    guard cosine > 0, best[place].count < count || cosine > best[place].last?.cosine ?? 0 else {
                        continue
                    }
                    let position = best[place].firstIndex { $0.cosine < cosine } ?? best[place].count
                    best[place].insert((cosine, start + row), at: position)
                    if best[place].count > count { best[place].removeLast() }
                }
            }
        }
        return Dictionary(uniqueKeysWithValues: zip(latents, best.map { $0.map(\.latent) }))
    }

    /// The direction at length one; all zeros if it has none.
    private static func unit(_ direction: [Float]) -> [Float] {
        let length = direction.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        guard length > 0, length.isFinite else { return [Float](repeating: 0, count: direction.count) }
        return direction.map { Float(Double($0) / length) }
    }
}
