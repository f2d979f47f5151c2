/// What a forward pass computes for some hookpoints, and what it leaves out.
struct ForwardPlan: Equatable {
    /// Where one hookpoint's activations go.
    struct Capture: Equatable {
        let site: Hookpoint.Site
        /// The hookpoint's place in the list that was asked for.
        let index: Int
    }

    /// What is kept of each block, for as many blocks as need to be run.
    let captures: [[Capture]]
    /// Whether the last block is left after its attention.
    let endsAfterAttention: Bool
    /// Whether the last block's feed-forward output is not added to the residual stream.
    let endsBeforeLastSum: Bool

    init(_ hookpoints: [Hookpoint]) {
        let count = (hookpoints.map(\.block).max() ?? -1) + 1
        var captures = [[Capture]](repeating: [], count: count)
        for (index, hookpoint) in hookpoints.enumerated() {
            captures[hookpoint.block].append(Capture(site: hookpoint.site, index: index))
        }
        let last = captures.last ?? []
        self.captures = captures
        endsAfterAttention = !last.isEmpty && last.allSatisfy { $0.site == .attention }
        endsBeforeLastSum = !last.isEmpty && last.allSatisfy { $0.site != .residual }
    }

    /// All blocks, nothing kept: what logits need.
    init(blocks: Int) {
        captures = [[Capture]](repeating: [], count: blocks)
        endsAfterAttention = false
        endsBeforeLastSum = false
    }
}
