internal import LinearAlgebra

extension BlockRunner {
    /// Causal attention of new tokens, each by itself, to all positions up to its own, whose keys and values the cache has.
    ///
    /// `joined` is `[tokens, (heads + 2 · keyValueHeads) · headWidth]`, rotated; `attended` is `[tokens, heads · headWidth]`;
    /// the first token stands at position `first`.
    func attendSingly(
        _ joined: UnsafePointer<Float>, tokens: Int, first: Int, cache: KeyValueCache, block: Int,
        into attended: UnsafeMutablePointer<Float>
    ) {
        let width = configuration.headWidth
        let group = configuration.heads / configuration.keyValueHeads
        for token in 0..<tokens {
            for head in 0..<configuration.heads {
                attend(
                    joined + token * configuration.joinedWidth + head * width, position: first + token, cache: cache,
                    block: block, head: head / group,
                    into: attended + token * configuration.queryWidth + head * width)
            }
        }
    }

    private func attend(
        _ query: UnsafePointer<Float>, position: Int, cache: KeyValueCache, block: Int, head: Int,
        into output: UnsafeMutablePointer<Float>
    ) {
        let width = configuration.headWidth
        let scores = scratch.scores.pointer
        let size = KeyValuePage.positions
        let window = configuration.window(block: block)
        // Pages that lie before the window are left out.
        let skipped = max(position + 1 - window, 0) / size
        let seen = position + 1 - skipped * size
        let pages = cache.pages[skipped...position / size].enumerated()
        for (index, page) in pages {
            kernels.multiply(
                .f32, page.keys(block: block, head: head), by: query, into: scores + index * size,
                rows: min(size, seen - index * size), depth: width)
        }
        weigh(scores, rows: 1, columns: seen, visible: seen, window: window)
        output.update(repeating: 0, count: width)
        for (index, page) in pages {
            let values = page.values(block: block, head: head)
            for place in 0..<min(size, seen - index * size) {
                kernels.add(scores[index * size + place], times: values + place * width, to: output, count: width)
            }
        }
    }
}
