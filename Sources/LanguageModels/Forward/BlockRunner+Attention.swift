internal import LinearAlgebra

extension BlockRunner {
    /// The number of queries that see the same keys at a time; keys that none of them may see are left out.
    static var queriesAtOnce: Int { 64 }
    /// The same within one context, whose keys are in panels: fewer, as there are no products too small.
    private static var queriesInTile: Int { 24 }

    /// The number of scores that attention over a context of some length needs.
    static func scoreCount(tokens: Int) -> Int { min(tokens, queriesAtOnce) * tokens }

    /// Attention within one context, from its part of `scratch.joined` into its part of `scratch.attended`.
    ///
    /// `joined` is `[tokens, (heads + 2 · keyValueHeads) · headWidth]`, rotated; `attended` is `[tokens, heads · headWidth]`.
    func attend(
        _ joined: UnsafePointer<Float>, tokens: Int, block: Int, into attended: UnsafeMutablePointer<Float>
    ) {
        let width = configuration.headWidth
        let stride = configuration.joinedWidth
        let group = configuration.heads / configuration.keyValueHeads
        scratch.reserve(
            keys: kernels.panelCount(rows: tokens, depth: width),
            values: kernels.panelCount(rows: width, depth: tokens))
        for keyHead in 0..<configuration.keyValueHeads {
            let keys = joined + configuration.queryWidth + keyHead * width
            kernels.pack(.f32, keys, rowBytes: 4 * stride, rows: tokens, depth: width, into: scratch.keys.pointer)
            kernels.pack(
                columns: keys + configuration.keyValueWidth, stride: stride, columns: width, depth: tokens,
                into: scratch.values.pointer)
            for head in keyHead * group..<(keyHead + 1) * group {
                attend(
                    joined + head * width, tokens: tokens, window: configuration.window(block: block),
                    into: attended + head * width)
            }
        }
    }

    /// Attention of one head, whose keys and values are in `scratch`.
    private func attend(
        _ queries: UnsafePointer<Float>, tokens: Int, window: Int, into attended: UnsafeMutablePointer<Float>
    ) {
        let width = configuration.headWidth
        let panelWidth = kernels.panelWidth
        let scores = scratch.scores.pointer
        for start in Swift.stride(from: 0, to: tokens, by: Self.queriesInTile) {
            let rows = min(Self.queriesInTile, tokens - start)
            let end = configuration.isCausal ? start + rows : tokens
            let first = max(start + 1 - window, 0) / panelWidth * panelWidth
            let seen = end - first
            kernels.multiply(
                queries + start * configuration.joinedWidth, stride: configuration.joinedWidth,
                panels: scratch.keys.pointer + first * width, packedDepth: width, into: scores, stride: seen,
                rows: rows,
                columns: seen, depth: width)
            weigh(
                scores, rows: rows, columns: seen, visible: configuration.isCausal ? start + 1 - first : seen,
                window: window)
            kernels.multiply(
                scores, stride: seen, panels: scratch.values.pointer + first * panelWidth, packedDepth: tokens,
                into: attended + start * configuration.queryWidth, stride: configuration.queryWidth, rows: rows,
                columns: width, depth: seen)
        }
    }

    /// Turns products of queries and keys, `[rows, columns]`, into attention weights.
    func weigh(_ scores: UnsafeMutablePointer<Float>, rows: Int, columns: Int, visible: Int, window: Int) {
        var scale = configuration.attentionScale
        if let cap = configuration.attentionCap {
            kernels.softCap(scores, stride: columns, rows: rows, columns: columns, scale: scale, cap: cap)
            scale = 1
        }
        kernels.causalSoftmax(
            scores, stride: columns, rows: rows, columns: columns, visible: visible, window: window, scale: scale)
    }
}
