import Dataflow
import Elements

/// Groups contexts into batches of about the same number of tokens; a barrier flushes what has gathered.
struct RebatchStage: Stage {
    let tokens: Int

    func results(of upstream: any AsyncSequence<Flow<ContextBatch>, any Error> & Sendable)
        -> any AsyncSequence<Flow<ContextBatch>, any Error> & Sendable
    {
        ProducedSequence<Flow<ContextBatch>>(capacity: 1, weigh: \.weight) { [tokens] output in
            var gathered: [Context] = []
            var count = 0
            func flush() async throws {
                guard !gathered.isEmpty else { return }
                try await output.send(.batch(ContextBatch(contexts: gathered)))
                gathered = []
                count = 0
            }
            for try await flow in upstream {
                switch flow {
                case .batch(let batch):
                    for context in batch.contexts {
                        if count + context.tokens.count > tokens { try await flush() }
                        gathered.append(context)
                        count += context.tokens.count
                    }
                case .barrier, .end:
                    try await flush()
                    try await output.send(flow)
                }
            }
        }
    }
}
