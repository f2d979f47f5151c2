import Elements
import JSONText
import Running
import Synchronization

/// Prints documents, contexts, activations and codes, some of them, as JSON lines.
final class TapPrinter: Sendable {
    private struct Count {
        var seen = 0
        var printed = 0
    }

    private let limit: Int
    private let every: Int
    private let tokens: Int
    private let tokenDecoder: (any TokenDecoder)?
    private let count = Mutex(Count())

    /// Prints one of `every` elements, `limit` of them in all, with at most `tokens` tokens each.
    init(limit: Int, every: Int, tokens: Int, tokenDecoder: (any TokenDecoder)?) {
        self.limit = limit
        self.every = every
        self.tokens = tokens
        self.tokenDecoder = tokenDecoder
    }

    /// Prints what of a batch is to be shown; `false` once no more is wanted.
    func print(_ batch: any EdgeBatch) throws -> Bool {
        for line in lines(of: batch) {
            let (isShown, isLast) = count.withLock { count in
                guard count.printed < limit else { return (false, true) }
                defer { count.seen += 1 }
                guard count.seen.isMultiple(of: every) else { return (false, false) }
                count.printed += 1
                return (true, count.printed == limit)
            }
            if isShown { try Terminal.print(json: try line()) }
            if isLast { return false }
        }
        return true
    }

    /// What makes the line of each element of a batch.
    private func lines(of batch: any EdgeBatch) -> [() throws -> String] {
        switch batch {
        case let batch as DocumentBatch:
            batch.documents.map { document in { try SortedJSON.text(of: TappedDocument(document)) } }
        case let batch as ContextBatch:
            batch.contexts.map { context in { [self] in try SortedJSON.text(of: tapped(context)) } }
        case let batch as ActivationBatch:
            batch.contexts.indices.map { index in { [self] in try SortedJSON.text(of: tapped(index, of: batch)) } }
        case let batch as CodeBatch:
            batch.contexts.indices.map { index in { [self] in try SortedJSON.text(of: tapped(index, of: batch)) } }
        default: []
        }
    }

    private func text(of tokens: some Sequence<UInt32>) -> String? { tokenDecoder.map { $0.text(of: tokens) } }

    private func tapped(_ context: Context) -> TappedContext {
        TappedContext(
            context, text: text(of: context.tokens.prefix(tokens)),
            tokens: context.tokens.prefix(tokens).map { TappedToken(id: $0, text: text(of: [$0])) })
    }

    private func tapped(_ index: Int, of batch: ActivationBatch) -> TappedContext {
        let start = batch.contexts[..<index].reduce(0) { $0 + $1.tokens.count }
        var tapped = tapped(batch.contexts[index])
        for (name, matrix) in batch.activations {
            for place in tapped.tokens.indices where start + place < matrix.rows {
                let row = matrix.values[(start + place) * matrix.columns..<(start + place + 1) * matrix.columns]
                tapped.tokens[place].norms[name] = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
            }
        }
        return tapped
    }

    private func tapped(_ index: Int, of batch: CodeBatch) -> TappedContext {
        let start = batch.contexts[..<index].reduce(0) { $0 + $1.tokens.count }
        var tapped = tapped(batch.contexts[index])
        for place in tapped.tokens.indices where start + place + 1 < batch.rowStarts.count {
            let pairs = batch.rowStarts[start + place]..<batch.rowStarts[start + place + 1]
            tapped.tokens[place].latents = pairs.map {
                TappedLatent(latent: Int(batch.latents[$0]), activation: batch.activations[$0])
            }.sorted { $0.activation > $1.activation }
        }
        return tapped
    }
}
