import Dataflow
package import Elements

/// Groups contexts into batches of about as many tokens as are to be worked on together.
package struct TokenRegrouping: Regrouping {
    private enum Entry: Sendable {
        case context(Context)
        /// Where partitions stand after all contexts before it.
        case reached([Fence])
    }

    private let limit: @Sendable () -> Int
    private var entries: [Entry] = []
    private var count = 0

    /// Groups contexts up to `limit` tokens a batch, asked anew for each; a longer context is a batch of its own.
    package init(limit: @escaping @Sendable () -> Int) { self.limit = limit }

    package var isEmpty: Bool { entries.isEmpty }
    package var isFull: Bool { count >= limit() }

    package mutating func gather(_ batch: ContextBatch) {
        for context in batch.contexts {
            entries.append(.context(context))
            count += context.tokens.count
        }
        if !batch.reached.isEmpty { entries.append(.reached(batch.reached)) }
    }

    package mutating func take() -> ContextBatch? {
        guard !entries.isEmpty else { return nil }
        let most = limit()
        var (contexts, reached, tokens, taken) = ([Context](), [Fence](), 0, 0)
        loop: for entry in entries {
            switch entry {
            case .context(let context):
                guard contexts.isEmpty || tokens + context.tokens.count <= most else { break loop }
                contexts.append(context)
                tokens += context.tokens.count
                if let fence = context.reached { reached.replace(with: fence) }
            case .reached(let fences):
                for fence in fences { reached.replace(with: fence) }
            }
            taken += 1
        }
        entries.removeFirst(taken)
        count -= tokens
        return ContextBatch(contexts: contexts, reached: reached)
    }
}

extension [Fence] {
    /// Puts a later fence in the place of its partition's.
    fileprivate mutating func replace(with fence: Fence) {
        let index = lastIndex {
            ($0.partition, $0.topic, $0.source) == (fence.partition, fence.topic, fence.source)
        }
        guard let index else { return append(fence) }
        if fence.isAhead(of: self[index]) { self[index] = fence }
    }
}
