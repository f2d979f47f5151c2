/// The parts of a forward pass that some hookpoints need, and those that are left out.
struct ForwardPlan: Equatable {
    /// The destination of one hookpoint's activations.
    struct Capture: Equatable {
        let site: Hookpoint.Site
        /// The hookpoint's place in the list that was asked for.
        let index: Int
    }

    /// The activations to keep of each block, for the blocks that need to be entered.
    let captures: [[Capture]]
    /// The place after which the last block is left.
    let deepest: Hookpoint.Site

    /// The number of blocks whose weights are needed.
    var blocks: Int { deepest == .input ? captures.count - 1 : captures.count }

    init(_ hookpoints: [Hookpoint]) {
        let count = (hookpoints.map(\.block).max() ?? -1) + 1
        var captures = [[Capture]](repeating: [], count: count)
        for (index, hookpoint) in hookpoints.enumerated() {
            captures[hookpoint.block].append(Capture(site: hookpoint.site, index: index))
        }
        self.captures = captures
        deepest = captures.last?.map(\.site).max() ?? .residual
    }

    /// All blocks, nothing kept: what logits need.
    init(blocks: Int) {
        captures = [[Capture]](repeating: [], count: blocks)
        deepest = .residual
    }

    /// The place after which a block is left.
    func end(ofBlock index: Int) -> Hookpoint.Site { index == captures.count - 1 ? deepest : .residual }
}
