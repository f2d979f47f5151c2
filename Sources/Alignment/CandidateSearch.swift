import Dataflow
import LinearAlgebra
import Synchronization

/// The nearest rows of two matrices, both ways, found in one pass over blocks of their product.
struct CandidateSearch: Sendable {
    /// How many rows of the first matrix are multiplied at once.
    static let rowBlock = 256
    /// With how many of the second.
    static let columnBlock = 1024

    /// The nearest rows of `b` to each row of `a`, and the other way.
    struct Found: Sendable {
        var ofA: NearestRows
        var ofB: NearestRows
    }

    let a: UnitRows
    let b: UnitRows
    /// How many are kept of each row.
    let kept: Int

    /// Multiplies block by block on the threads of a pool; what is found does not depend on how many they are.
    func run(on pool: ComputePool<Void>, threads: Int) async throws -> Found {
        let next = NextBlock()
        return try await withThrowingTaskGroup(of: (blocks: [(Int, NearestRows)], ofB: NearestRows).self) { group in
            for _ in 0..<max(1, threads) {
                group.addTask { try await pool.run { _ in self.work(next) } }
            }
            var found = Found(
                ofA: NearestRows(rows: a.count, kept: kept), ofB: NearestRows(rows: b.count, kept: kept))
            for try await part in group {
                for (start, rows) in part.blocks { found.ofA.replace(from: start, with: rows) }
                found.ofB.merge(part.ofB)
            }
            return found
        }
    }

    /// One thread's part: blocks of rows as long as there are any.
    private func work(_ next: NextBlock) -> (blocks: [(Int, NearestRows)], ofB: NearestRows) {
        var ofB = NearestRows(rows: b.count, kept: kept)
        var blocks: [(Int, NearestRows)] = []
        var products = [Float](repeating: 0, count: Self.rowBlock * Self.columnBlock)
        while let start = next.take(Self.rowBlock, of: a.count) {
            let rows = start..<min(start + Self.rowBlock, a.count)
            var ofA = NearestRows(rows: rows.count, kept: kept)
            for first in stride(from: 0, to: b.count, by: Self.columnBlock) {
                let columns = first..<min(first + Self.columnBlock, b.count)
                multiply(rows, columns, into: &products)
                products.withUnsafeBufferPointer {
                    collect($0, rows: rows, columns: columns, ofA: &ofA, ofB: &ofB)
                }
            }
            blocks.append((start, ofA))
        }
        return (blocks, ofB)
    }

    private func multiply(_ rows: Range<Int>, _ columns: Range<Int>, into products: inout [Float]) {
        a.values.withUnsafeBufferPointer { aValues in
            b.values.withUnsafeBufferPointer { bValues in
                guard let aStart = aValues.baseAddress, let bStart = bValues.baseAddress else { return }
                LinearAlgebra.multiply(
                    aStart + rows.lowerBound * a.width, transposed: bStart + columns.lowerBound * b.width,
                    into: &products, rows: rows.count, columns: columns.count, depth: a.width)
            }
        }
    }

    /// Offers what can be kept of a block of products, `[rows.count, columns.count]`, to both sides.
    private func collect(
        _ products: UnsafeBufferPointer<Float>, rows: Range<Int>, columns: Range<Int>, ofA: inout NearestRows,
        ofB: inout NearestRows
    ) {
        // Nearly all products are below both bounds: a run of them is passed over by one test that is done in vectors.
        let run = 64
        for row in 0..<rows.count {
            let line = UnsafeBufferPointer(rebasing: products[row * columns.count..<(row + 1) * columns.count])
            for start in stride(from: 0, to: columns.count, by: run) {
                let end = min(start + run, columns.count)
                let bound = ofA.bounds[row]
                let reaches = ofB.bounds.withUnsafeBufferPointer { bounds in
                    var found: Int32 = 0
                    for column in start..<end {
                        let value = line[column]
                        let least = bounds[columns.lowerBound + column]
                        found |= (value >= bound ? 1 : 0) | (value >= least ? 1 : 0)
                    }
                    return found != 0
                }
                guard reaches else { continue }
                for column in start..<end {
                    let cosine = line[column]
                    ofA.offer(row: row, index: Int32(columns.lowerBound + column), cosine: cosine)
                    ofB.offer(row: columns.lowerBound + column, index: Int32(rows.lowerBound + row), cosine: cosine)
                }
            }
        }
    }
}

/// Hands out blocks of rows, each once.
private final class NextBlock: Sendable {
    private let start = Mutex(0)

    func take(_ size: Int, of count: Int) -> Int? {
        start.withLock { start in
            guard start < count else { return nil }
            defer { start += size }
            return start
        }
    }
}
