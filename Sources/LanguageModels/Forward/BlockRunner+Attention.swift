internal import Glibc
internal import LinearAlgebra

extension BlockRunner {
    /// The number of queries that see the same keys at a time; keys that none of them may see are left out.
    private static var queriesInTile: Int { 24 }

    /// One member's memory for one head.
    private struct HeadMemory {
        /// Keys and values in panels.
        let keys: UnsafeMutablePointer<Float>
        let values: UnsafeMutablePointer<Float>
        /// A tile's products with the keys.
        let scores: UnsafeMutablePointer<Float>
    }

    /// Attention within one context, from its part of `scratch.joined` into its part of `scratch.attended`.
    ///
    /// `joined` is `[tokens, (heads + 2 · keyValueHeads) · headWidth]`, rotated; `attended` is `[tokens, heads · headWidth]`.
    func attend(
        _ joined: UnsafePointer<Float>, tokens: Int, block: Int, sinks: WeightVector? = nil,
        into attended: UnsafeMutablePointer<Float>
    ) {
        let width = configuration.headWidth
        let group = configuration.heads / configuration.keyValueHeads
        let memory = headMemory(tokens: tokens)
        // Heads that read the same keys go together if that shares the work out evenly.
        let size = configuration.keyValueHeads % workspace.members == 0 ? group : 1
        workspace.share(
            configuration.heads, inPiecesOf: size, multiplications: tokens * tokens * configuration.queryWidth
        ) { [self] heads, member in
            let memory = memory[member]
            for head in heads {
                if head == heads.lowerBound || head % group == 0 {
                    pack(joined, keyHead: head / group, tokens: tokens, into: memory)
                }
                attend(
                    joined + head * width, tokens: tokens, window: configuration.window(block: block),
                    sink: sinks?.pointer[head], memory,
                    into: attended + head * width)
            }
        }
    }

    /// Memory of each member for one head of a context.
    private func headMemory(tokens: Int) -> [HeadMemory] {
        let width = configuration.headWidth
        let members = workspace.members > 1 ? workspace.mostMembers : 1
        let scores = Self.queriesInTile * tokens
        scratch.reserve(rows: 0, scores: scores * members)
        scratch.reserve(
            keys: kernels.panelCount(rows: tokens, depth: width),
            values: kernels.panelCount(rows: width, depth: tokens), members: members)
        return (0..<members).map { member in
            HeadMemory(
                keys: scratch.keys[member].pointer, values: scratch.values[member].pointer,
                scores: scratch.scores.pointer + member * scores)
        }
    }

    /// Lays the keys and values of a context out in panels.
    private func pack(_ joined: UnsafePointer<Float>, keyHead: Int, tokens: Int, into memory: HeadMemory) {
        let (width, stride) = (configuration.headWidth, configuration.joinedWidth)
        let keys = joined + configuration.queryWidth + keyHead * width
        kernels.pack(.f32, keys, rowBytes: 4 * stride, rows: tokens, depth: width, into: memory.keys)
        kernels.pack(
            columns: keys + configuration.keyValueWidth, stride: stride, columns: width, depth: tokens,
            into: memory.values)
    }

    /// Attention of one head, whose keys and values are in `memory`.
    private func attend(
        _ queries: UnsafePointer<Float>, tokens: Int, window: Int, sink: Float?, _ memory: HeadMemory,
        into attended: UnsafeMutablePointer<Float>
    ) {
        let width = configuration.headWidth
        let panelWidth = kernels.panelWidth
        let scores = memory.scores
        for start in Swift.stride(from: 0, to: tokens, by: Self.queriesInTile) {
            let rows = min(Self.queriesInTile, tokens - start)
            let end = configuration.isCausal ? start + rows : tokens
            let first = max(start + 1 - window, 0) / panelWidth * panelWidth
            let seen = end - first
            kernels.multiply(
                queries + start * configuration.joinedWidth, stride: configuration.joinedWidth,
                panels: memory.keys + first * width, packedDepth: width, into: scores, stride: seen, rows: rows,
                columns: seen, depth: width)
            weigh(
                scores, stride: seen, rows: rows, columns: seen,
                visible: configuration.isCausal ? start + 1 - first : seen, window: window, sink: sink)
            kernels.multiply(
                scores, stride: seen, panels: memory.values + first * panelWidth, packedDepth: tokens,
                into: attended + start * configuration.queryWidth, stride: configuration.queryWidth, rows: rows,
                columns: width, depth: seen)
        }
    }

    /// Turns products of queries and keys, `[rows, columns]`, into attention weights.
    ///
    /// With a sink they sum to less than 1: it is a score among the others whose share goes nowhere.
    func weigh(
        _ scores: UnsafeMutablePointer<Float>, stride: Int, rows: Int, columns: Int, visible: Int, window: Int,
        sink: Float? = nil
    ) {
        var scale = configuration.attentionScale
        if let cap = configuration.attentionCap {
            kernels.softCap(scores, stride: stride, rows: rows, columns: columns, scale: scale, cap: cap)
            scale = 1
        }
        let shares = sink.map { _ in
            (0..<rows).map { row in
                Self.highest(scores + row * stride, end: min(visible + row, columns), window: window)
            }
        }
        kernels.causalSoftmax(
            scores, stride: stride, rows: rows, columns: columns, visible: visible, window: window, scale: scale)
        guard let sink, let shares else { return }
        for (row, highest) in shares.enumerated() {
            let start = scores + row * stride
            // The sum of the exponentials, by the highest score and the weight that it got.
            let sum = Double(highest.score * scale) - log(Double(start[highest.place]))
            let factor = Float(1 / (1 + exp(Double(sink) - sum)))
            for column in 0..<min(visible + row, columns) { start[column] *= factor }
        }
    }

    /// The highest of a row's scores that are seen, and its place.
    private static func highest(
        _ scores: UnsafePointer<Float>, end: Int, window: Int
    ) -> (place: Int, score: Float) {
        var best = (place: end - 1, score: scores[end - 1])
        for place in max(end - min(window, end), 0)..<end where scores[place] > best.score {
            best = (place, scores[place])
        }
        return best
    }
}
