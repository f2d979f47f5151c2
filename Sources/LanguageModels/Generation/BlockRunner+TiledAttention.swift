internal import LinearAlgebra

extension BlockRunner {
    /// The number of queries of a head that see the same keys at a time.
    private static var queriesInTile: Int { 24 }

    /// One head's queries at consecutive positions.
    private struct Tile {
        let queries: UnsafePointer<Float>
        let count: Int
        /// The position of the first.
        let position: Int
        let head: Int
    }

    /// The keys of a block in panels, for each head of them those of all pages from one on.
    private struct KeyPanels {
        let start: UnsafeMutablePointer<Float>
        let pages: Range<Int>
        let floatsInPage: Int

        subscript(page: Int, head: Int) -> UnsafeMutablePointer<Float> {
            start + (head * pages.count + page - pages.lowerBound) * floatsInPage
        }
    }

    /// Causal attention of new tokens, some positions at a time, to all positions up to their own, whose keys and values the
    /// cache has.
    ///
    /// A token's bits depend neither on the pieces in which its text was added nor on who computes it with whom: each of its sums is
    /// made in one order, that of positions and pages. `joined` is `[tokens, (heads + 2 · keyValueHeads) · headWidth]`, rotated;
    /// `attended` is `[tokens, heads · headWidth]`; the first token is at position `first`.
    func attendInTiles(
        _ joined: UnsafePointer<Float>, tokens: Int, first: Int, cache: KeyValueCache, block: Int,
        sinks: WeightVector? = nil, into attended: UnsafeMutablePointer<Float>
    ) {
        let (heads, width, size) = (configuration.heads, configuration.headWidth, Self.queriesInTile)
        let tiles = (tokens + size - 1) / size
        let scores = memberScores(rows: size, positions: first + tokens)
        let panels = packKeys(cache, block: block, first: first, end: first + tokens)
        workspace.share(
            tiles * heads, inPiecesOf: 1, multiplications: tokens * heads * width * (first + tokens)
        ) { [self] pieces, member in
            for piece in pieces {
                // The last tiles first: they have the most to see.
                let (start, head) = ((tiles - 1 - piece / heads) * size, piece % heads)
                let tile = Tile(
                    queries: joined + start * configuration.joinedWidth + head * width,
                    count: min(size, tokens - start), position: first + start, head: head)
                attend(
                    tile, panels, cache, block: block, sink: sinks?.pointer[head], scores: scores[member],
                    into: attended + start * configuration.queryWidth + head * width)
            }
        }
    }

    /// Lays out the keys of all heads that queries from one position on can see.
    private func packKeys(_ cache: KeyValueCache, block: Int, first: Int, end: Int) -> KeyPanels {
        let (width, size, heads) = (configuration.headWidth, KeyValuePage.positions, configuration.keyValueHeads)
        // Pages that lie before every query's window are left out.
        let skipped = max(first + 1 - configuration.window(block: block), 0) / size
        let pages = skipped..<KeyValueCache.pageCount(positions: end)
        scratch.reserve(keys: heads * pages.count * size * width, values: 0, members: 1)
        let panels = KeyPanels(start: scratch.keys[0].pointer, pages: pages, floatsInPage: size * width)
        // Moving a value takes as long as some four multiplications.
        workspace.share(
            heads * pages.count, inPiecesOf: 1, multiplications: 4 * heads * pages.count * size * width
        ) { [kernels] pieces, _ in
            for piece in pieces {
                let (head, page) = (piece / pages.count, pages.lowerBound + piece % pages.count)
                kernels.pack(
                    .f32, cache.pages[page].keys(block: block, head: head), rowBytes: 4 * width, rows: size,
                    depth: width, into: panels[page, head])
            }
        }
        return panels
    }

    private func attend(
        _ tile: Tile, _ panels: KeyPanels, _ cache: KeyValueCache, block: Int, sink: Float?,
        scores: UnsafeMutablePointer<Float>,
        into output: UnsafeMutablePointer<Float>
    ) {
        let (width, size) = (configuration.headWidth, KeyValuePage.positions)
        let keyHead = tile.head / (configuration.heads / configuration.keyValueHeads)
        let window = configuration.window(block: block)
        let end = tile.position + tile.count
        let skipped = max(tile.position + 1 - window, 0) / size
        let seen = end - skipped * size
        let pages = skipped..<KeyValueCache.pageCount(positions: end)
        let stride = pages.count * size
        for page in pages {
            let place = (page - skipped) * size
            // Whole panels: what lies after the last position is not looked at.
            let columns = (min(size, seen - place) + kernels.panelWidth - 1) / kernels.panelWidth * kernels.panelWidth
            kernels.multiply(
                tile.queries, stride: configuration.joinedWidth, panels: panels[page, keyHead], packedDepth: width,
                into: scores + place, stride: stride, rows: tile.count, columns: columns, depth: width)
        }
        weigh(
            scores, stride: stride, rows: tile.count, columns: seen, visible: tile.position + 1 - skipped * size,
            window: window, sink: sink)
        for page in pages {
            let place = (page - skipped) * size
            kernels.multiply(
                scores + place, stride: stride, by: cache.pages[page].values(block: block, head: keyHead),
                stride: width, into: output, stride: configuration.queryWidth, rows: tile.count, columns: width,
                depth: min(size, seen - place), accumulate: page > skipped)
        }
    }
}
