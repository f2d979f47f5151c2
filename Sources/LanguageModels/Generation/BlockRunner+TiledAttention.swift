internal import LinearAlgebra

extension BlockRunner {
    /// Causal attention of new tokens, 64 positions at a time, to all positions up to their own, whose keys and values the
    /// cache has.
    ///
    /// A tile of queries begins at a multiple of 64 positions and is multiplied with whole pages of keys, with zeros in
    /// place of what is not there: a token's bits do not depend on the pieces in which its text was added. `joined` is
    /// `[tokens, (heads + 2 · keyValueHeads) · headWidth]`, rotated; `attended` is `[tokens, heads · headWidth]`; `tile` has room
    /// for two matrices `[64, headWidth]` of each member; the first token is at position `first`.
    func attendInTiles(
        _ joined: UnsafePointer<Float>, tokens: Int, first: Int, cache: KeyValueCache, block: Int,
        tile: UnsafeMutablePointer<Float>, into attended: UnsafeMutablePointer<Float>
    ) {
        let size = KeyValuePage.positions
        let heads = configuration.heads
        let scores = memberScores(rows: size, positions: first + tokens)
        let tiles = first / size..<(first + tokens + size - 1) / size
        workspace.share(
            tiles.count * heads, inPiecesOf: 1,
            multiplications: tokens * heads * configuration.headWidth * (first + tokens)
        ) { [self] pieces, member in
            for piece in pieces {
                // The last tiles first: they have the most to see.
                let number = tiles.upperBound - 1 - piece / heads
                let start = max(number * size, first)
                let rows = start % size..<min(first + tokens, (number + 1) * size) - number * size
                attend(
                    joined + (start - first) * configuration.joinedWidth, rows: rows,
                    (tile: number, block: block, head: piece % heads), cache,
                    tile: tile + member * 2 * size * configuration.headWidth, scores: scores[member],
                    into: attended + (start - first) * configuration.queryWidth)
            }
        }
    }

    /// Attention of the first `rows` queries of one head's tile, from rows of `joined` into rows of `attended`.
    private func attend(
        _ joined: UnsafePointer<Float>, rows: Range<Int>, _ place: (tile: Int, block: Int, head: Int),
        _ cache: KeyValueCache, tile: UnsafeMutablePointer<Float>, scores: UnsafeMutablePointer<Float>,
        into attended: UnsafeMutablePointer<Float>
    ) {
        let size = KeyValuePage.positions
        let width = configuration.headWidth
        let queries = joined + place.head * width
        let output = attended + place.head * width
        let place = (place.tile, place.block, place.head / (configuration.heads / configuration.keyValueHeads))
        if rows.count == size {
            return attend(
                queries, stride: configuration.joinedWidth, rows: rows, place, cache, scores: scores, into: output,
                stride: configuration.queryWidth)
        }
        let results = tile + size * width
        tile.update(repeating: 0, count: size * width)
        for (row, place) in rows.enumerated() {
            (tile + place * width).update(from: queries + row * configuration.joinedWidth, count: width)
        }
        attend(tile, stride: width, rows: rows, place, cache, scores: scores, into: results, stride: width)
        for (row, place) in rows.enumerated() {
            (output + row * configuration.queryWidth).update(from: results + place * width, count: width)
        }
    }

    /// Attention of the first `rows` of the 64 queries of one head's tile.
    private func attend(
        _ queries: UnsafePointer<Float>, stride: Int, rows: Range<Int>,
        _ place: (tile: Int, block: Int, head: Int), _ cache: KeyValueCache, scores: UnsafeMutablePointer<Float>,
        into output: UnsafeMutablePointer<Float>, stride outputStride: Int
    ) {
        let size = KeyValuePage.positions
        let width = configuration.headWidth
        let window = configuration.window(block: place.block)
        // Pages that lie before every query's window are left out.
        let skipped = max(place.tile * size + 1 - window, 0) / size
        let pages = cache.pages[skipped...place.tile]
        let columns = pages.count * size
        for (index, page) in pages.enumerated() {
            multiply(
                queries, stride: stride, transposed: page.keys(block: place.block, head: place.head), stride: width,
                into: scores + index * size, stride: columns, rows: size, columns: size, depth: width)
        }
        weigh(
            scores + rows.lowerBound * columns, rows: rows.count, columns: columns,
            visible: (place.tile - skipped) * size + rows.lowerBound + 1, window: window)
        for (index, page) in pages.enumerated() {
            multiply(
                scores + index * size, stride: columns, by: page.values(block: place.block, head: place.head),
                stride: width, into: output, stride: outputStride, rows: size, columns: width, depth: size,
                accumulate: index > 0)
        }
    }
}
