public import Elements

/// How well a coder fits what it reads, over some tokens.
///
/// A coder that is read at the place where it was trained explains most of the variance there; at another place it explains nothing, or
/// less than the mean would (below 0).
public struct CoderFit: Sendable {
    /// The tokens looked at; those that are masked do not count.
    public private(set) var tokens = 0
    private var active = 0
    private var sums: [Double] = []
    private var squares = 0.0
    private var residuals = 0.0
    private var compared = 0

    /// Makes a fit of no tokens.
    public init() {}

    /// The mean number of active latents of a token (L0).
    public var latentsPerToken: Double { Double(active) / Double(max(tokens, 1)) }

    /// The share of the variance of what the coder writes that it explains, `1 − Σ|y − ŷ|² / Σ|y − ȳ|²`; `nil` if that was not compared,
    /// or does not vary.
    public var varianceExplained: Double? {
        let variance = squares - sums.reduce(0) { $0 + $1 * $1 } / Double(max(compared, 1))
        return compared > 1 && variance > 0 ? 1 - residuals / variance : nil
    }

    /// Adds some tokens.
    ///
    /// - Parameters:
    ///   - codes: Their codes.
    ///   - input: `[tokens, d_in]`, what was read.
    ///   - target: `[tokens, d_out]`, what the coder is to give; `nil` if it is not at hand.
    ///   - masked: Per token, whether it was left out; empty: none was.
    ///   - coder: The coder.
    /// - Throws: `CoderError` if shapes do not go together or the decoder cannot be read.
    public mutating func add(
        _ codes: SparseCodes, input: Matrix, target: Matrix?, masked: [Bool] = [], of coder: SparseCoder
    ) throws(CoderError) {
        let rows = (0..<input.rows).filter { masked.isEmpty || !masked[$0] }
        tokens += rows.count
        for row in rows where row < codes.rows {
            active += codes.rowStarts[row + 1] - codes.rowStarts[row]
        }
        guard let target, coder.hasDecoder else { return }
        guard target.rows == input.rows, target.columns == coder.outputWidth else {
            throw .shape(
                what: "what \(coder.folder) writes", found: "[\(target.rows), \(target.columns)]",
                expected: "[\(input.rows), \(coder.outputWidth)]")
        }
        let output = try coder.reconstruct(codes, input: input)
        if sums.isEmpty { sums = [Double](repeating: 0, count: target.columns) }
        for row in rows {
            for column in 0..<target.columns {
                let value = Double(target.values[row * target.columns + column])
                let difference = value - Double(output.values[row * target.columns + column])
                sums[column] += value
                squares += value * value
                residuals += difference * difference
            }
        }
        compared += rows.count
    }

    /// Adds the tokens of a batch; `written` is the hookpoint that the coder writes, if the batch may have it.
    ///
    /// - Throws: As above, and `CoderError.missingHookpoint` if the batch has no activations of the hookpoint that is read.
    public mutating func add(
        _ codes: CodeBatch, of batch: ActivationBatch, hookpoint: String, written: String?, maskFirst: Bool,
        by coder: SparseCoder
    ) throws(CoderError) {
        guard let input = batch.activations[hookpoint] else {
            throw .missingHookpoint(hookpoint: hookpoint, available: Array(batch.activations.keys))
        }
        try add(
            SparseCodes(codes), input: input, target: written.flatMap { batch.activations[$0] },
            masked: maskFirst ? batch.firstPositions : [], of: coder)
    }
}
