internal import LinearAlgebra

extension BlockRunner {
    /// So many queries at a time see the same keys; keys that none of them may see are left out.
    static var queriesAtOnce: Int { 64 }

    /// The number of scores that attention over a context of some length needs.
    static func scoreCount(tokens: Int) -> Int { min(tokens, queriesAtOnce) * tokens }

    /// Causal attention within one context, from its part of `scratch.joined` into its part of `scratch.attended`.
    ///
    /// `joined` is `[tokens, (heads + 2 · keyValueHeads) · headWidth]`, rotated; `attended` is `[tokens, heads · headWidth]`.
    func attend(_ joined: UnsafePointer<Float>, tokens: Int, into attended: UnsafeMutablePointer<Float>) {
        let width = configuration.headWidth
        let stride = configuration.joinedWidth
        let group = configuration.heads / configuration.keyValueHeads
        let scale = 1 / Float(width).squareRoot()
        let scores = scratch.scores.pointer
        for head in 0..<configuration.heads {
            let queries = joined + head * width
            let keys = joined + configuration.queryWidth + head / group * width
            let values = keys + configuration.keyValueWidth
            for start in Swift.stride(from: 0, to: tokens, by: Self.queriesAtOnce) {
                let rows = min(Self.queriesAtOnce, tokens - start)
                let seen = start + rows
                multiply(
                    queries + start * stride, stride: stride, transposed: keys, stride: stride, into: scores,
                    stride: seen, rows: rows, columns: seen, depth: width)
                kernels.causalSoftmax(
                    scores, stride: seen, rows: rows, columns: seen, visible: start + 1, scale: scale)
                multiply(
                    scores, stride: seen, by: values, stride: stride,
                    into: attended + start * configuration.queryWidth + head * width, stride: configuration.queryWidth,
                    rows: rows, columns: width, depth: seen)
            }
        }
    }
}
