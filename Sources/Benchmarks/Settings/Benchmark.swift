/// A piece of work that is measured: one row of the table.
public enum Benchmark: String, CaseIterable, Sendable, Hashable, Codable {
    /// Matrix products alone: the machine's limit.
    case peak
    /// Reading memory alone: its other limit.
    case memory
    /// The forward pass through all blocks.
    case forward
    /// Text, tokens, forward pass, codes, reservoir.
    case ingest
    /// The given coder alone.
    case encode
    /// A coder of 131,072 latents alone.
    case encodeWide = "encode-131072"
    /// The memory that the same takes.
    case encodeMemory = "encode-memory"
    /// The tokenizer alone.
    case tokenise
    /// The judge's reading of prompts.
    case prompt
    /// The judge's reading of one prompt while nothing else is to be done.
    case promptOne = "prompt-1"
    /// The judge's writing, one answer.
    case decodeOne = "decode-1"
    /// The judge's writing, sixteen answers at once.
    case decodeMany = "decode-16"
    /// Sampling the codes of 131,072 latents while samples fill.
    case reservoirFilling = "reservoir-filling"
    /// Sampling once samples are full.
    case reservoirFull = "reservoir-full"
    /// Sampling the codes of 1,048,576 latents while samples fill.
    case reservoirMillion = "reservoir-1m"
    /// Reading records of codes that were computed elsewhere.
    case records
    /// The report of a state with many results.
    case report
    /// From the start of a process to the first token.
    case start

    /// Reads names as a command line gives them; all benchmarks if there are none.
    ///
    /// Throws for the first that is not a benchmark's name.
    public static func named(_ names: [String]) throws(BenchmarkError) -> [Benchmark] {
        guard !names.isEmpty else { return allCases }
        var chosen: Set<Benchmark> = []
        for name in names {
            guard let benchmark = Benchmark(rawValue: name) else { throw .unknownName(name) }
            chosen.insert(benchmark)
        }
        return allCases.filter(chosen.contains)
    }

    /// The unit of the figures.
    public var unit: String {
        switch self {
        case .peak: "GFLOP/s"
        case .memory: "GB/s"
        case .forward, .ingest, .encode, .encodeWide, .prompt, .promptOne, .decodeOne, .decodeMany, .records:
            "tokens/s"
        case .encodeMemory: "MB"
        case .tokenise: "MB/s"
        case .reservoirFilling, .reservoirFull, .reservoirMillion: "M/s"
        case .start, .report: "s"
        }
    }

    /// The goal; `nil` for the limits, which have none.
    public var goal: Goal? {
        switch self {
        case .peak, .memory: nil
        case .forward: .ratioAtLeast(0.90)
        case .ingest: .ratioAtLeast(0.80)
        case .encode, .encodeWide, .promptOne: .ratioAtLeast(0.85)
        case .encodeMemory: .ratioAtMost(0.01)
        case .tokenise, .prompt, .decodeMany: .ratioAtLeast(4)
        case .decodeOne: .ratioAtLeast(0.7)
        case .reservoirFilling, .reservoirFull, .reservoirMillion: .ratioAtLeast(1.8)
        case .records: .ratioAtLeast(0.2)
        case .report: .valueAtMost(2)
        case .start: .valueAtMost(0.3)
        }
    }
}
