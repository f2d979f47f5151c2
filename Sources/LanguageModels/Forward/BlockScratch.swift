internal import LinearAlgebra

/// The working memory of one worker, kept between batches and grown when one needs more.
final class BlockScratch {
    private let configuration: ModelConfiguration
    private var rows = 0
    /// `[rows, width]`: what a module reads.
    private(set) var normalized = FloatBuffer(count: 0)
    /// `[rows, (heads + 2 · keyValueHeads) · headWidth]`: queries, keys and values of each token.
    private(set) var joined = FloatBuffer(count: 0)
    /// `[rows, heads · headWidth]`: what the heads have gathered.
    private(set) var attended = FloatBuffer(count: 0)
    /// `[rows, 2 · feedForwardWidth]`: the gate and what it multiplies; half as wide without a gate.
    private(set) var gateAndUp = FloatBuffer(count: 0)
    /// `[rows, feedForwardWidth]`: the neurons.
    private(set) var hidden = FloatBuffer(count: 0)
    /// `[rows, width]`: what a module gives.
    private(set) var output = FloatBuffer(count: 0)
    /// `[rows, width]`: what a module reads before its norm's weight and bias are applied, if it was asked for.
    private(set) var plain = FloatBuffer(count: 0)
    /// Attention scores, in the number that was asked for.
    private(set) var scores = FloatBuffer(count: 0)
    /// For each member of the team keys of one head in panels, and values; of a text that goes on, in the first keys of all heads.
    private(set) var keys: [FloatBuffer] = []
    private(set) var values: [FloatBuffer] = []

    init(_ configuration: ModelConfiguration) {
        self.configuration = configuration
    }

    /// Makes room for rows, and for scores; what was in the memory is lost if it grows.
    func reserve(rows count: Int, scores scoreCount: Int) {
        if scores.count < scoreCount { scores = FloatBuffer(count: scoreCount) }
        guard count > rows else { return }
        rows = count
        normalized = FloatBuffer(count: count * configuration.width)
        joined = FloatBuffer(count: count * configuration.joinedWidth)
        attended = FloatBuffer(count: count * configuration.queryWidth)
        gateAndUp = FloatBuffer(count: count * configuration.gateAndUpWidth)
        hidden = FloatBuffer(count: count * configuration.feedForwardWidth)
        output = FloatBuffer(count: count * configuration.width)
    }

    /// Makes room for as many rows of what a norm makes before its weight.
    func reservePlain() {
        if plain.count < rows * configuration.width { plain = FloatBuffer(count: rows * configuration.width) }
    }

    /// Makes room for the panels of one head's keys and values, for each of some members.
    func reserve(keys keyCount: Int, values valueCount: Int, members: Int) {
        while keys.count < members {
            keys.append(FloatBuffer(count: 0))
            values.append(FloatBuffer(count: 0))
        }
        for member in 0..<members {
            if keys[member].count < keyCount { keys[member] = FloatBuffer(count: keyCount) }
            if values[member].count < valueCount { values[member] = FloatBuffer(count: valueCount) }
        }
    }
}
