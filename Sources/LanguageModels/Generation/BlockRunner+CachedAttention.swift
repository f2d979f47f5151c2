internal import LinearAlgebra

extension BlockRunner {
    /// Causal attention of new tokens to all positions up to their own, whose keys and values the cache has.
    ///
    /// `joined` is `[tokens, (heads + 2 · keyValueHeads) · headWidth]`, rotated; `attended` is `[tokens, heads · headWidth]`;
    /// the first token stands at position `first`.
    func attend(
        _ joined: UnsafePointer<Float>, tokens: Int, first: Int, cache: KeyValueCache, block: Int,
        into attended: UnsafeMutablePointer<Float>
    ) {
        let group = configuration.heads / configuration.keyValueHeads
        for head in 0..<configuration.heads {
            for start in stride(from: 0, to: tokens, by: Self.queriesAtOnce) {
                let offset = start * configuration.queryWidth + head * configuration.headWidth
                attend(
                    joined + start * configuration.joinedWidth + head * configuration.headWidth,
                    rows: min(Self.queriesAtOnce, tokens - start), first: first + start, cache: cache, block: block,
                    head: head / group, into: attended + offset)
            }
        }
    }

    /// Attention of one head's queries; the first of `rows` stands at position `first`.
    private func attend(
        _ queries: UnsafePointer<Float>, rows: Int, first: Int, cache: KeyValueCache, block: Int, head: Int,
        into attended: UnsafeMutablePointer<Float>
    ) {
        let width = configuration.headWidth
        let scores = scratch.scores.pointer
        let size = KeyValuePage.positions
        let window = configuration.window(block: block)
        // Pages that lie before every query's window are left out.
        let skipped = max(first + 1 - window, 0) / size
        let seen = first + rows - skipped * size
        let pages = cache.pages[skipped..<((first + rows + size - 1) / size)].enumerated()
        for (index, page) in pages {
            let count = min(size, seen - index * size)
            let keys = page.keys(block: block, head: head)
            if rows == 1 {
                kernels.multiply(
                    .f32, keys, by: queries, sums: scratch.sums.pointer, into: scores + index * size, rows: count,
                    depth: width)
            } else {
                multiply(
                    queries, stride: configuration.joinedWidth, transposed: keys, stride: width,
                    into: scores + index * size, stride: seen, rows: rows, columns: count, depth: width)
            }
        }
        weigh(scores, rows: rows, columns: seen, visible: first + 1 - skipped * size, window: window)
        if rows == 1 { attended.update(repeating: 0, count: width) }
        for (index, page) in pages {
            let count = min(size, seen - index * size)
            let values = page.values(block: block, head: head)
            if rows == 1 {
                for position in 0..<count {
                    kernels.add(
                        scores[index * size + position], times: values + position * width, to: attended, count: width)
                }
            } else {
                multiply(
                    scores + index * size, stride: seen, by: values, stride: width, into: attended,
                    stride: configuration.queryWidth, rows: rows, columns: width, depth: count, accumulate: index > 0)
            }
        }
    }
}
