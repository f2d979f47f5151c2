public import Elements
public import LinearAlgebra

/// Runs contexts through a model and keeps the activations at some hookpoints: one worker's own, used by one thread.
///
/// It runs no block after the deepest hookpoint. A context's activations are the same bits whatever it is batched with,
/// as long as the mode is the one that `LanguageModel.batchMode()` found.
public final class ForwardPass {
    /// The approximate number of tokens that share a walk over the blocks, and the expansion of each weight.
    private static let rowsAtOnce = 1024

    /// The model.
    public let model: LanguageModel
    /// The hookpoints whose activations are kept.
    public let hookpoints: [Hookpoint]
    /// How contexts go through a matrix product.
    public let mode: BatchMode

    let runner: BlockRunner
    private let plan: ForwardPlan
    private var blocks: [Block]
    private var residual = FloatBuffer(count: 0)

    /// Prepares a worker, which a team may help; expands the weights that it needs if no other worker has yet.
    ///
    /// Throws if the model has no such hookpoint or its weights cannot be read.
    public init(
        model: LanguageModel, hookpoints: [Hookpoint], mode: BatchMode, team: WorkTeam? = nil
    ) throws(ModelError) {
        for hookpoint in hookpoints { _ = try model.width(at: hookpoint) }
        self.model = model
        self.hookpoints = hookpoints
        self.mode = mode
        plan = ForwardPlan(hookpoints)
        runner = BlockRunner(model.configuration, ProductWorkspace(team: team))
        blocks = []
        try prepare(blocks: plan.blocks)
    }

    private func prepare(blocks count: Int) throws(ModelError) {
        while blocks.count < count { blocks.append(try model.block(blocks.count)) }
    }

    /// The activations of contexts, by hookpoint name: `[tokens, width]`, the rows of all contexts one after the other.
    ///
    /// Throws if a token is not of the vocabulary or a context is too long; then nothing is computed.
    public func activations(of contexts: [[UInt32]]) throws(ModelError) -> [String: Matrix] {
        try activations(of: contexts) { block in
            block(1)
            return true
        } ?? [:]
    }

    /// The activations of contexts, as above, block by block; `nil` if they are no longer needed.
    ///
    /// `step` is handed the work on each block. It does it with some members of the team, this thread included, which has joined
    /// the team if that is more than one; or it returns `false` without having done it, and the contexts are left. The
    /// activations are the same bits whoever helps.
    public func activations(
        of contexts: [[UInt32]], step: (_ block: (_ members: Int) -> Void) -> Bool
    ) throws(ModelError) -> [String: Matrix]? {
        try check(contexts)
        let rows = contexts.reduce(0) { $0 + $1.count }
        var kept = hookpoints.map { Matrix(rows: rows, columns: model.configuration.width(at: $0.site)) }
        var done = 0
        for group in ContextGroup.groups(lengths: contexts.map(\.count), mode: mode, target: Self.rowsAtOnce) {
            let isWhole = try run(group, of: contexts, plan: plan, step: step) { capture, start, values in
                let offset = (done + start) * kept[capture].columns
                kept[capture].values.withUnsafeMutableBufferPointer { all in
                    _ = UnsafeMutableBufferPointer(rebasing: all[offset..<offset + values.count])
                        .update(fromContentsOf: values)
                }
            }
            guard isWhole else { return nil }
            done += group.rows
        }
        return Dictionary(zip(hookpoints.map(\.description), kept)) { first, _ in first }
    }

    /// Runs contexts through all blocks; `body` gets each context's index and its residual rows `[tokens, width]`.
    func residuals(
        of contexts: [[UInt32]], _ body: (Int, UnsafeMutablePointer<Float>) throws(ModelError) -> Void
    ) throws(ModelError) {
        try check(contexts)
        try prepare(blocks: model.configuration.blocks)
        let plan = ForwardPlan(blocks: model.configuration.blocks)
        for group in ContextGroup.groups(lengths: contexts.map(\.count), mode: mode, target: Self.rowsAtOnce) {
            _ = try run(
                group, of: contexts, plan: plan,
                step: { block in
                    block(1)
                    return true
                },
                keep: { _, _, _ in })
            let nonempty = group.contexts.filter { !contexts[$0].isEmpty }
            let starts = group.units.flatMap { unit in
                unit.contexts.filter { $0.count > 0 }.map { unit.start + $0.start }
            }
            for (context, start) in zip(nonempty, starts) {
                try body(context, residual.pointer + start * model.configuration.width)
            }
        }
    }

    private func check(_ contexts: [[UInt32]]) throws(ModelError) {
        for (index, context) in contexts.enumerated() { try model.check(context, context: index) }
    }

    /// Runs one group; `keep` gets a capture's index, its first row in the group, and the values; `false` if it was left.
    private func run(
        _ group: ContextGroup, of contexts: [[UInt32]], plan: ForwardPlan,
        step: (_ block: (_ members: Int) -> Void) -> Bool,
        keep: @escaping (Int, Int, UnsafeBufferPointer<Float>) -> Void
    ) throws(ModelError) -> Bool {
        let width = model.configuration.width
        if residual.count < group.rows * width { residual = FloatBuffer(count: group.rows * width) }
        var row = 0
        for context in contexts[group.contexts] {
            try model.embed(context, first: 0, into: residual.pointer + row * width)
            row += context.count
        }
        runner.scratch.reserve(rows: group.units.reduce(0) { max($0, $1.rows) }, scores: 0)
        defer { runner.workspace.members = 1 }
        for index in plan.captures.indices {
            for unit in group.units {
                let isDone = step { members in
                    runner.workspace.members = runner.workspace.team == nil ? 1 : max(members, 1)
                    run(index, unit, plan, keep: keep)
                }
                guard isDone else { return false }
            }
        }
        return true
    }

    /// Runs one unit through one block, up to the place after which the plan leaves it.
    private func run(
        _ index: Int, _ unit: ContextGroup.Unit, _ plan: ForwardPlan,
        keep: (Int, Int, UnsafeBufferPointer<Float>) -> Void
    ) {
        let configuration = model.configuration
        let scratch = runner.scratch
        let rows = residual.pointer + unit.start * configuration.width
        let end = plan.end(ofBlock: index)
        /// Keeps what was asked for at a place; `true` if the block is left there.
        func passed(_ site: Hookpoint.Site, _ values: UnsafeMutablePointer<Float>) -> Bool {
            for capture in plan.captures[index] where capture.site == site {
                let count = unit.rows * configuration.width(at: site)
                keep(capture.index, unit.start, UnsafeBufferPointer(start: values, count: count))
            }
            return site == end
        }
        if passed(.input, rows) { return }
        let block = blocks[index]
        runner.attentionInput(block, of: rows, rows: unit.rows)
        if passed(.attentionInput, scratch.normalized.pointer) { return }
        runner.queryKeyValue(block, rows: unit.rows)
        attend(index, unit)
        if passed(.heads, scratch.attended.pointer) { return }
        runner.attentionOutput(block, rows: unit.rows)
        if passed(.attention, scratch.output.pointer) { return }
        runner.normalizeOutput(with: block.postAttentionNorm, rows: unit.rows)
        if passed(.attentionNormed, scratch.output.pointer) { return }
        let keepsPlain = plan.captures[index].contains { $0.site == .feedForwardNormalized }
        runner.feedForwardInput(block, of: rows, rows: unit.rows, keepsPlain: keepsPlain)
        if passed(.middle, rows) { return }
        if keepsPlain, passed(.feedForwardNormalized, scratch.plain.pointer) { return }
        if passed(.feedForwardInput, scratch.normalized.pointer) { return }
        runner.neurons(block, of: scratch.normalized.pointer, rows: unit.rows)
        if passed(.neurons, scratch.hidden.pointer) { return }
        runner.feedForwardOutput(block, rows: unit.rows)
        if passed(.feedForward, scratch.output.pointer) { return }
        runner.normalizeOutput(with: block.postFeedForwardNorm, rows: unit.rows)
        if passed(.feedForwardNormed, scratch.output.pointer) { return }
        runner.addOutput(to: rows, rows: unit.rows)
        _ = passed(.residual, rows)
    }

    /// The attention of each context of a unit, from `scratch.joined` into `scratch.attended`.
    private func attend(_ index: Int, _ unit: ContextGroup.Unit) {
        let configuration = model.configuration
        let attended = runner.scratch.attended.pointer
        for context in unit.contexts {
            let joined = runner.scratch.joined.pointer + context.start * configuration.joinedWidth
            runner.finishHeads(blocks[index], index: index, joined, tokens: context.count, first: 0)
            runner.attend(
                joined, tokens: context.count, block: index, sinks: blocks[index].sinks,
                into: attended + context.start * configuration.queryWidth)
        }
    }
}
