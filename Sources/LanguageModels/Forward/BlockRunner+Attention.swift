internal import LinearAlgebra

extension BlockRunner {
    /// So many queries at a time see the same keys; keys that none of them may see are left out.
    static var queriesAtOnce: Int { 64 }

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
        let window = configuration.window(block: block)
        let scores = scratch.scores.pointer
        for head in 0..<configuration.heads {
            let queries = joined + head * width
            let keys = joined + configuration.queryWidth + head / group * width
            let values = keys + configuration.keyValueWidth
            for start in Swift.stride(from: 0, to: tokens, by: Self.queriesAtOnce) {
                let rows = min(Self.queriesAtOnce, tokens - start)
                let end = configuration.isCausal ? start + rows : tokens
                let first = max(start + 1 - window, 0)
                let seen = end - first
                multiply(
                    queries + start * stride, stride: stride, transposed: keys + first * stride, stride: stride,
                    into: scores, stride: seen, rows: rows, columns: seen, depth: width)
                weigh(
                    scores, rows: rows, columns: seen, visible: configuration.isCausal ? start + 1 - first : seen,
                    window: window)
                multiply(
                    scores, stride: seen, by: values + first * stride, stride: stride,
                    into: attended + start * configuration.queryWidth + head * width, stride: configuration.queryWidth,
                    rows: rows, columns: width, depth: seen)
            }
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
