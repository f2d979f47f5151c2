/// A file or setting that rows take besides the machine; the names are those of the options.
public enum BenchmarkNeed: String, CaseIterable, Sendable, Hashable {
    /// A language model with its tokenizer.
    case model
    /// A place in the model.
    case hookpoint
    /// A sparse coder for the hookpoint.
    case coder
    /// Documents with text.
    case corpus

    /// What it is, for messages.
    var title: String {
        switch self {
        case .model: "a model with its tokenizer"
        case .hookpoint: "a hookpoint of the model"
        case .coder: "a sparse coder for the hookpoint"
        case .corpus: "documents with text"
        }
    }
}

extension Benchmark {
    /// What the row takes; nothing else is opened for it.
    public var needs: Set<BenchmarkNeed> {
        switch self {
        case .peak, .memory, .reservoirFilling, .reservoirFull, .reservoirMillion, .records, .report: []
        case .start: [.model]
        case .forward, .tokenise, .prompt, .promptOne, .decodeOne, .decodeMany: [.model, .corpus]
        // Their coder is made at random, as wide as the hookpoint.
        case .encodeWide, .encodeMemory: [.model, .hookpoint, .corpus]
        case .encode, .ingest: [.model, .hookpoint, .coder, .corpus]
        }
    }

    /// The first of some rows that needs something; `nil` if none does.
    public static func first(needing need: BenchmarkNeed, among benchmarks: [Benchmark]) -> Benchmark? {
        benchmarks.first { $0.needs.contains(need) }
    }
}
