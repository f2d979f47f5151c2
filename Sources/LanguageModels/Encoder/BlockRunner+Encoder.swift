internal import LinearAlgebra

extension BlockRunner {
    /// Runs one unit's rows through a block whose norms come after its modules, in place.
    func encode(_ block: Block, _ unit: ContextGroup.Unit, _ rows: UnsafeMutablePointer<Float>) {
        apply(block.queryKeyValue, to: rows, into: scratch.joined.pointer, rows: unit.rows)
        for span in unit.contexts {
            attend(
                scratch.joined.pointer + span.start * configuration.joinedWidth, tokens: span.count, block: 0,
                into: scratch.attended.pointer + span.start * configuration.queryWidth)
        }
        attentionOutput(block, rows: unit.rows)
        addOutput(to: rows, thenNormalizeWith: block.attentionNorm, into: rows, rows: unit.rows)
        neurons(block, of: rows, rows: unit.rows)
        feedForwardOutput(block, rows: unit.rows)
        addOutput(to: rows, thenNormalizeWith: block.feedForwardNorm, into: rows, rows: unit.rows)
    }
}
