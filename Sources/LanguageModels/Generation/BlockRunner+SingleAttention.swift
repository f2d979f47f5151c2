internal import LinearAlgebra

extension BlockRunner {
    /// Causal attention of new tokens, each by itself, to all positions up to its own, whose keys and values the cache has.
    ///
    /// `joined` is `[tokens, (heads + 2 · keyValueHeads) · headWidth]`, rotated; `attended` is `[tokens, heads · headWidth]`;
    /// the first token is at position `first`.
    func attendSingly(
        _ joined: UnsafePointer<Float>, tokens: Int, first: Int, cache: KeyValueCache, block: Int,
        sinks: WeightVector? = nil, into attended: UnsafeMutablePointer<Float>
    ) {
        let width = configuration.headWidth
        let group = configuration.heads / configuration.keyValueHeads
        // Heads that share keys and values read them together, unless that leaves members without a piece.
        let isShared = tokens * configuration.keyValueHeads >= 2 * workspace.members
        let together = workspace.members == 1 || isShared ? group : 1
        let sets = configuration.heads / together
        let places = memberScores(rows: together, positions: first + tokens)
        workspace.share(
            tokens * sets, inPiecesOf: 1,
            multiplications: 2 * tokens * configuration.heads * width * (first + tokens)
        ) { [self] pieces, member in
            for piece in pieces {
                let (token, head) = (piece / sets, piece % sets * together)
                attend(
                    joined + token * configuration.joinedWidth + head * width, heads: together,
                    position: first + token, cache: cache, block: block, head: head / group,
                    sinks: sinks.map { $0.pointer + head }, scores: places[member],
                    into: attended + token * configuration.queryWidth + head * width)
            }
        }
    }

    /// Memory of each member for the scores of some queries and whole pages of keys.
    func memberScores(rows: Int, positions: Int) -> [UnsafeMutablePointer<Float>] {
        let count = rows * KeyValueCache.pageCount(positions: positions) * KeyValuePage.positions
        let members = workspace.members > 1 ? workspace.mostMembers : 1
        scratch.reserve(rows: 0, scores: count * members)
        return (0..<members).map { scratch.scores.pointer + $0 * count }
    }

    /// Attention of one token's queries, `[heads, headWidth]`, of the heads that share the keys and values of `head`.
    private func attend(
        _ queries: UnsafePointer<Float>, heads: Int, position: Int, cache: KeyValueCache, block: Int, head: Int,
        sinks: UnsafePointer<Float>?, scores: UnsafeMutablePointer<Float>, into output: UnsafeMutablePointer<Float>
    ) {
        let width = configuration.headWidth
        let size = KeyValuePage.positions
        let window = configuration.window(block: block)
        // Pages that lie before the window are left out.
        let skipped = max(position + 1 - window, 0) / size
        let seen = position + 1 - skipped * size
        let pages = cache.pages[skipped...position / size].enumerated()
        for (index, page) in pages {
            kernels.multiply(
                .f32, page.keys(block: block, head: head), columns: queries, stride: width, count: heads,
                into: scores + index * size, stride: seen, rows: min(size, seen - index * size), depth: width)
        }
        for row in 0..<heads {
            weigh(
                scores + row * seen, stride: seen, rows: 1, columns: seen, visible: seen, window: window,
                sink: sinks?[row])
        }
        output.update(repeating: 0, count: heads * width)
        for (index, page) in pages {
            for row in 0..<heads {
                kernels.add(
                    scores + row * seen + index * size, timesRows: page.values(block: block, head: head),
                    count: min(size, seen - index * size), width: width, to: output + row * width)
            }
        }
    }
}
