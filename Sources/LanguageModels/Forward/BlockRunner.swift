internal import LinearAlgebra

/// The arithmetic of a transformer block over rows of tokens, all but the attention between tokens.
///
/// Every step reads and writes the scratch; `residual` is `[rows, width]`. One worker's own.
final class BlockRunner {
    let configuration: ModelConfiguration
    let scratch: BlockScratch
    let kernels = VectorKernels.best
    private var rotation: RotationTable?
    private var localRotation: RotationTable?
    /// Which kernel multiplies rows of floats.
    ///
    /// Their sums differ in the last bits, so whoever sets this decides by what a row is, never by how many rows there are.
    var kernel = ProductKernel.panels
    let workspace: ProductWorkspace
    /// The weight and the bias of a norm that has none: ones and zeros, `[width]`.
    let (ones, zeros): (FloatBuffer, FloatBuffer)
    let expertScratch = ExpertScratch()

    init(_ configuration: ModelConfiguration, _ workspace: ProductWorkspace = ProductWorkspace()) {
        self.configuration = configuration
        self.workspace = workspace
        scratch = BlockScratch(configuration)
        (ones, zeros) = (FloatBuffer(count: configuration.width), FloatBuffer(count: configuration.width))
        ones.pointer.update(repeating: 1, count: configuration.width)
        zeros.pointer.update(repeating: 0, count: configuration.width)
        rotation = configuration.rope.map(RotationTable.init)
        localRotation = configuration.localAttention?.rope.map(RotationTable.init)
    }

    /// Computes the input of the attention, into `scratch.normalized`.
    func attentionInput(_ block: Block, of residual: UnsafeMutablePointer<Float>, rows: Int) {
        normalize(residual, with: block.attentionNorm, rows: rows)
    }

    /// Queries, keys and values of what is in `scratch.normalized`, into `scratch.joined`; their heads' norms and rotation follow.
    func queryKeyValue(_ block: Block, rows: Int) {
        apply(block.queryKeyValue, to: scratch.normalized.pointer, into: scratch.joined.pointer, rows: rows)
    }

    /// Normalises and rotates queries and keys of a context's tokens at positions from `first` on, as far as the model does.
    func finishHeads(_ block: Block, index: Int, _ joined: UnsafeMutablePointer<Float>, tokens: Int, first: Int) {
        let (configuration, kernels) = (configuration, kernels)
        let norms = [
            (block.queryNorm, 0, configuration.heads),
            (block.keyNorm, configuration.queryWidth, configuration.keyValueHeads),
        ]
        let rotation = rotation(ofBlock: index, positions: first + tokens)
        // Reading and writing each value some times takes as long as some 16 multiplications.
        workspace.share(rows: tokens, width: configuration.joinedWidth, multiplicationsEach: 16) { tokens in
            let rows = joined + tokens.lowerBound * configuration.joinedWidth
            for (norm, start, heads) in norms {
                guard let norm else { continue }
                for token in 0..<tokens.count {
                    let row = rows + token * configuration.joinedWidth + start
                    kernels.rootMeanSquareNorm(
                        row, weight: norm.pointer, into: row, rows: heads * configuration.headWidth / norm.count,
                        width: norm.count, epsilon: configuration.normEpsilon)
                }
            }
            rotation?.rotate(
                rows, stride: configuration.joinedWidth, tokens: tokens.count,
                heads: configuration.heads + configuration.keyValueHeads, headWidth: configuration.headWidth,
                first: first + tokens.lowerBound, kernels: kernels)
        }
    }

    /// The rotation of a block's queries and keys, prepared for so many positions.
    private func rotation(ofBlock index: Int, positions: Int) -> RotationTable? {
        if configuration.localAttention?.isLocal[index] == true {
            localRotation?.prepare(positions: positions)
            return localRotation
        }
        rotation?.prepare(positions: positions)
        return rotation
    }

    /// The output of the attention, from `scratch.attended` into `scratch.output`.
    func attentionOutput(_ block: Block, rows: Int) {
        apply(block.attentionOutput, to: scratch.attended.pointer, into: scratch.output.pointer, rows: rows)
    }

    /// Adds `scratch.output` to the residual stream, and puts what the feed-forward layer reads into `scratch.normalized`.
    ///
    /// `keepsPlain` has it put into `scratch.plain` besides, as it is before the norm's weight and bias.
    func feedForwardInput(
        _ block: Block, of residual: UnsafeMutablePointer<Float>, rows: Int, keepsPlain: Bool = false
    ) {
        if configuration.isParallel {
            if keepsPlain { normalizePlainly(residual, like: block.feedForwardNorm, rows: rows) }
            normalize(residual, with: block.feedForwardNorm, rows: rows)
            addOutput(to: residual, rows: rows)
        } else {
            addOutput(
                to: residual, thenNormalizeWith: block.feedForwardNorm, into: scratch.normalized.pointer, rows: rows)
            if keepsPlain { normalizePlainly(residual, like: block.feedForwardNorm, rows: rows) }
        }
    }

    /// The neurons of what the feed-forward layer reads, `[rows, width]`, into `scratch.hidden`; nothing if the block has experts.
    func neurons(_ block: Block, of x: UnsafePointer<Float>, rows: Int) {
        guard case .dense(let layer) = block.feedForward else { return }
        apply(layer.gateAndUp, to: x, into: scratch.gateAndUp.pointer, rows: rows)
        let (configuration, kernels) = (configuration, kernels)
        let (gateAndUp, hidden) = (scratch.gateAndUp.pointer, scratch.hidden.pointer)
        // An exponential takes as long as some 32 multiplications.
        workspace.share(rows: rows, width: configuration.feedForwardWidth, multiplicationsEach: 32) { rows in
            kernels.activate(
                configuration.activation, isGated: configuration.isGated,
                gateAndUp + rows.lowerBound * configuration.gateAndUpWidth,
                into: hidden + rows.lowerBound * configuration.feedForwardWidth, rows: rows.count,
                width: configuration.feedForwardWidth)
        }
    }

    /// The output of the feed-forward layer, from `scratch.hidden` into `scratch.output`; experts read `scratch.normalized`.
    func feedForwardOutput(_ block: Block, rows: Int) {
        switch block.feedForward {
        case .dense(let layer):
            apply(layer.down, to: scratch.hidden.pointer, into: scratch.output.pointer, rows: rows)
        case .experts(let experts, let router):
            answer(scratch.normalized.pointer, by: experts, router, into: scratch.output.pointer, rows: rows)
        }
    }

    /// Adds `scratch.output` to the residual stream.
    func addOutput(to residual: UnsafeMutablePointer<Float>, rows: Int) {
        let (kernels, width, output) = (kernels, configuration.width, scratch.output.pointer)
        workspace.share(rows: rows, width: width, multiplicationsEach: 4) { rows in
            let start = rows.lowerBound * width
            kernels.add(1, times: output + start, to: residual + start, count: rows.count * width)
        }
    }
}
