public import Elements
internal import LinearAlgebra

extension LanguageModel {
    /// How much vectors that are added to the last residual stream raise each token's logit: `[directions, vocabulary]`.
    ///
    /// It is the head's product with each direction, `[directions, width]`, under the last norm's weight, and centred where
    /// that norm centres. The norm divides by the size of the whole stream, which no direction tells: values are comparable
    /// within a row only. Source: nostalgebraist, "interpreting GPT: the logit lens" (2020), for rows of a decoder.
    ///
    /// - Throws: `ModelError` if a weight cannot be read or is not a finite number.
    public func promotion(by directions: Matrix) throws(ModelError) -> Matrix {
        var result = Matrix(rows: directions.rows, columns: configuration.vocabulary)
        guard directions.rows > 0, directions.columns == configuration.width else { return result }
        let (norm, head) = (try finalNorm(), try head())
        let width = configuration.width
        let scaled = FloatBuffer(count: directions.values.count)
        for row in 0..<directions.rows {
            let direction = directions.values[row * width..<(row + 1) * width]
            // A norm with a bias subtracts the mean first.
            let mean = norm.bias == nil ? 0 : direction.reduce(0, +) / Float(width)
            for (column, value) in direction.enumerated() {
                scaled.pointer[row * width + column] = (value - mean) * norm.weight.pointer[column]
            }
        }
        result.values.withUnsafeMutableBufferPointer { values in
            guard let start = values.baseAddress else { return }
            head.multiply(scaled.pointer, count: directions.rows, into: start, by: .panels, ProductWorkspace())
        }
        return result
    }

    /// Whether what a hookpoint's vectors are is added to the residual stream as it is, so that the head tells what they promote.
    public func addsToResidual(at hookpoint: Hookpoint) -> Bool {
        guard weights.blocks.indices.contains(hookpoint.block) else { return false }
        let block = weights.blocks[hookpoint.block]
        return switch hookpoint.site {
        case .residual, .input, .middle, .attentionNormed, .feedForwardNormed: true
        case .attention: block.postAttentionNorm == nil
        case .feedForward: block.postFeedForwardNorm == nil
        case .attentionInput, .heads, .feedForwardNormalized, .feedForwardInput, .neurons: false
        }
    }

    /// The hookpoint that stands for all that hold the same activations as one: a module's output is what is added to the residual stream
    /// if no norm comes after it, and a block reads what the one before has left.
    public func representative(of hookpoint: Hookpoint) -> Hookpoint {
        guard weights.blocks.indices.contains(hookpoint.block) else { return hookpoint }
        let block = weights.blocks[hookpoint.block]
        switch hookpoint.site {
        case .input where hookpoint.block > 0: return Hookpoint(block: hookpoint.block - 1, site: .residual)
        case .attentionNormed where block.postAttentionNorm == nil:
            return Hookpoint(block: hookpoint.block, site: .attention)
        case .feedForwardNormed where block.postFeedForwardNorm == nil:
            return Hookpoint(block: hookpoint.block, site: .feedForward)
        default: return hookpoint
        }
    }
}
