package import Dataflow

extension ComputePool where Worker == Void {
    /// Works on elements in as many runs as there are threads for them, and returns all results, in
    /// their order.
    ///
    /// The time is counted as busy.
    package func spread<Element: Sendable, Output: Sendable>(
        _ elements: [Element], over width: Int, timers: StageTimers,
        _ work: @escaping @Sendable ([Element]) throws -> [Output]
    ) async throws -> [Output] {
        try await withThrowingTaskGroup(of: (index: Int, outputs: [Output]).self) { group in
            let size = max(1, (elements.count + width - 1) / max(1, width))
            for (index, part) in elements.chunks(of: size).enumerated() {
                group.addTask {
                    try await self.run { _ in
                        (index, try timers.busy { try work(part) })
                    }
                }
            }
            var parts: [(index: Int, outputs: [Output])] = []
            for try await part in group { parts.append(part) }
            return parts.sorted { $0.index < $1.index }.flatMap(\.outputs)
        }
    }
}

extension ScoringContext {
    /// Works on elements on as many threads as the node may take, and returns all results, in their order.
    package func spread<Element: Sendable, Output: Sendable>(
        _ elements: [Element], _ work: @escaping @Sendable ([Element]) throws -> [Output]
    ) async throws -> [Output] {
        try await compute.spread(elements, over: width, timers: timers, work)
    }
}

extension Array {
    /// The elements in runs of at most `size`, of one at least.
    package func chunks(of size: Int) -> [[Element]] {
        let size = Swift.max(1, size)
        return stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
