import LinearAlgebra

/// How a product `[latents, tokens]` is cut into tiles, so that it never exists whole.
///
/// A tile is computed as `W · xᵀ` with a fixed number of columns, one per token. On some CPU kernels a column's bits
/// depend on its place among the others (OpenBLAS' Haswell kernel: the eight columns at either end of a block of 320).
/// So the places are tried out once, and tokens are put only into places that give the same bits: then a token's codes
/// do not depend on what it is batched with.
struct Tiling: Sendable {
    /// A number of columns, and the places among them that give the same bits.
    struct Layout: Sendable, Hashable {
        let columns: Int
        let places: [Int]
    }

    /// The latents of a tile; the last tile has the rest.
    ///
    /// Twelve divides it, the width of the Haswell kernel.
    static let tileLatents = 1008
    /// The numbers of columns: multiples of 64, and of 320 if there are many tokens.
    static let columnCounts = [64, 128, 192, 320, 640, 960]
    /// A layout with so much smaller a share of usable places than the best is not worth its columns.
    private static let worthwhile = 0.7

    /// By ascending number of columns; never empty.
    let layouts: [Layout]

    /// Tries out the places for a coder's shape.
    init(latents: Int, inputWidth: Int) {
        let tiles = Set([min(latents, Self.tileLatents), latents % Self.tileLatents]).filter { $0 > 0 }.sorted()
        let probe = PlaceProbe(tiles: tiles, inputWidth: inputWidth)
        let results = Self.columnCounts.map { probe.results(columns: $0) }
        let reference = Self.widespread(results)
        let all = results.map { results in
            Layout(columns: results.count, places: results.indices.filter { results[$0] == reference })
        }
        let best = all.map(\.share).max() ?? 0
        layouts = all.filter { !$0.places.isEmpty && $0.share >= Self.worthwhile * best }
    }

    /// For a coder that multiplies nothing: any place gives the same bits.
    static let copying = Tiling(layouts: columnCounts.prefix(3).map { Layout(columns: $0, places: Array(0..<$0)) })

    private init(layouts: [Layout]) { self.layouts = layouts }

    /// The layout that spends the fewest columns on each of the next tokens; of equal ones the largest.
    func layout(tokens: Int) -> Layout {
        let cheapest = layouts.min { left, right in
            let (leftCost, rightCost) = (left.cost(tokens: tokens), right.cost(tokens: tokens))
            return leftCost == rightCost ? left.columns > right.columns : leftCost < rightCost
        }
        return cheapest ?? Layout(columns: 0, places: [])
    }

    /// The most columns of a layout.
    var maximumColumns: Int { layouts.map(\.columns).max() ?? 0 }

    /// The result that has the largest share of places, over all layouts; of equal ones the least, to be the same each time.
    private static func widespread(_ results: [[UInt64]]) -> UInt64? {
        var shares: [UInt64: Double] = [:]
        for layout in results {
            for value in layout { shares[value, default: 0] += 1 / Double(layout.count) }
        }
        return shares.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }
}

extension Tiling.Layout {
    fileprivate var share: Double { Double(places.count) / Double(columns) }

    fileprivate func cost(tokens: Int) -> Double { Double(columns) / Double(max(min(places.count, tokens), 1)) }
}

/// Puts the same token at every place of a tile and compares the bits that come out.
private struct PlaceProbe {
    private let tiles: [Int]
    private let inputWidth: Int
    private let weights: [Float]
    private let token: [Float]

    init(tiles: [Int], inputWidth: Int) {
        self.tiles = tiles
        self.inputWidth = inputWidth
        var state: UInt64 = 0x2545_f491_4f6c_dd1d
        // A linear congruential generator (Knuth's MMIX): any values do whose sums are rounded.
        func number() -> Float {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int32(truncatingIfNeeded: state >> 32)) / 2_147_483_648
        }
        weights = (0..<(tiles.max() ?? 0) * inputWidth).map { _ in number() }
        token = (0..<inputWidth).map { _ in number() }
    }

    /// Per place, a value that is the same for the same bits.
    func results(columns: Int) -> [UInt64] {
        var results = [UInt64](repeating: 0, count: columns)
        let tokens = (0..<columns).flatMap { _ in token }
        for latents in tiles {
            var products = [Float](repeating: 0, count: latents * columns)
            multiply(weights, transposed: tokens, into: &products, rows: latents, columns: columns, depth: inputWidth)
            for (index, product) in products.enumerated() {
                let column = index % columns
                results[column] = (results[column] ^ UInt64(product.bitPattern)) &* 0x100_0000_01b3
            }
        }
        return results
    }
}
