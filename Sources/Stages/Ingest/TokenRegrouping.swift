import Dataflow
package import Elements

/// Groups contexts into batches of about the same number of tokens.
package struct TokenRegrouping: Regrouping {
    private let tokens: Int
    private var gathered: [Context] = []
    private var count = 0

    /// Groups contexts up to `tokens` tokens a batch; a longer context is a batch of its own.
    package init(tokens: Int) { self.tokens = tokens }

    package mutating func take(_ batch: ContextBatch) -> [ContextBatch] {
        var whole: [ContextBatch] = []
        for context in batch.contexts {
            if count + context.tokens.count > tokens { whole += flush() }
            gathered.append(context)
            count += context.tokens.count
        }
        return whole
    }

    package mutating func flush() -> [ContextBatch] {
        guard !gathered.isEmpty else { return [] }
        defer { (gathered, count) = ([], 0) }
        return [ContextBatch(contexts: gathered)]
    }
}
