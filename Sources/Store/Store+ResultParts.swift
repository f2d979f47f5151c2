import Dataflow
package import Elements

extension StoreReading {
    /// The explanations of some latents, which are given by coder and number, in the order of `explanations()`.
    package func explanations(
        about latents: [LatentKey], parts: ResultParts = .all
    ) throws(StoreError) -> [Explanation] {
        try rows(parts, where: RowCondition.latents(latents)) ?? []
    }

    /// The scores of some latents, which are given by coder and number, in the order of `scores()`.
    package func scores(about latents: [LatentKey], parts: ResultParts = .all) throws(StoreError) -> [Score] {
        try rows(parts, where: RowCondition.latents(latents)) ?? []
    }

    /// The explanations of a range of latents, in the order of `explanations()`.
    package func explanations(in range: LatentRange, parts: ResultParts = .all) throws(StoreError) -> [Explanation] {
        try rows(parts, where: .range(range))
    }

    /// The scores of a range of latents, in the order of `scores()`.
    package func scores(in range: LatentRange, parts: ResultParts = .all) throws(StoreError) -> [Score] {
        try rows(parts, where: .range(range))
    }
}

extension Store {
    /// The explanations that a part of the cores reads at once.
    private static let range = 32_768

    /// The explanations of a node, or of all, read by all cores; `nil` if `goesOn` is false after a part of them.
    package func explanations(
        of node: String?, while goesOn: @Sendable () -> Bool
    ) throws -> [Explanation]? {
        try inRanges(of: node, .all, while: goesOn)
    }

    /// The scores of a node, or of all, without texts and what was resampled and with some details, read by all cores; `nil` if
    /// `goesOn` is false after a part of them.
    package func scores(
        of node: String?, details: ResultParts.Details, while goesOn: @Sendable () -> Bool
    ) throws -> [Score]? {
        try inRanges(of: node, .figures(details: details), while: goesOn)
    }

    private func inRanges<Result: StoredResult & Sendable>(
        of node: String?, _ wanted: ResultParts, while goesOn: @Sendable () -> Bool
    ) throws -> [Result]? {
        let found: [[Result]?] = try latentRanges(of: Self.range).concurrentMap { range in
            Swift.Result { try self.rows(wanted, where: [.range(range) && .node(node)], while: goesOn) }
        }.map { try $0.get() }
        guard !found.contains(where: { $0 == nil }) else { return nil }
        return found.flatMap { $0 ?? [] }
    }
}
