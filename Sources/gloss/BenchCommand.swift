import ArgumentParser
import Benchmarks
import Corpus
import Elements
import Foundation

/// Measures the engine against the machine's limits and other programs.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures each stage as a ratio of what the machine could do, or of what another program does.",
        discussion: """
            Baseline and work take turns in the same run; the figures are medians over rounds. Figures of other programs come from \
            deploy/bench, which runs this command too. The defaults are the bundled model, coder and corpus, from the top of the \
            repository; only what the rows named by --only need is opened.
            """)

    @Option(help: "A GGUF file or a Hugging Face folder.")
    var model = "models/SmolLM2-135M-Instruct.Q4_1.gguf"

    @Option(help: "The folder of a sparse coder.")
    var coder = "topologies/quickstart/sae"

    @Option(help: "The hookpoint that the coder reads.")
    var hookpoint = "layers.10"

    @Option(help: "Lines of JSON with a `text`, plain or gzip.")
    var corpus = "topologies/quickstart/corpus.ndjson.gz"

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            """
            Measure these only: \(Benchmark.allCases.map(\.rawValue).joined(separator: ", ")); or, by itself, \
            \(KernelComparison.name): each kernel under each set of instructions.
            """, valueName: "name"))
    var only: [String] = []

    @Option(help: "The most tokens of a context.")
    var context = 256

    @Option(help: "How often each piece of work is done.")
    var rounds = 5

    @Option(help: "How many threads work at once; by default one for each core.")
    var threads = ProcessInfo.processInfo.activeProcessorCount

    @Option(
        help: "What is counted as time: wall, or cpu for the time on cores where other programs are at work too.",
        transform: Self.clock)
    var clock = BenchmarkClock.wall

    @Option(help: "A file with figures of other programs, as deploy/bench-baselines.py writes it.")
    var baselines: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(help: .hidden)
    var firstToken = false

    func run() async throws {
        try await reporting("bench") {
            if firstToken {
                try Terminal.print("\(try FirstToken.run(model: model, prompt: BenchmarkSettings.startPrompt))")
                return
            }
            if only == [KernelComparison.name] {
                let comparison = try KernelComparison(rounds: rounds, clock: clock)
                let report = try await comparison.report { Notice.write("bench", $0) }
                try json ? Terminal.print(json: report.json()) : Terminal.print(report.text)
                return
            }
            let benchmarks = try Benchmark.named(only)
            let programs = try baselines.map { try ProgramBaselines(file: $0, clock: clock) } ?? .none
            let settings = try BenchmarkSettings(
                model: model, coder: coder, hookpoint: hookpoint, texts: try await texts(for: benchmarks),
                context: context, rounds: rounds, threads: threads, clock: clock,
                startCommand: [program, "bench", "--first-token", "--model", model])
            let run = BenchmarkRun(settings, benchmarks: benchmarks, baselines: programs) { Notice.write("bench", $0) }
            let report = try await run.report()
            try json ? Terminal.print(json: report.json()) : Terminal.print(report.text)
        }
    }

    private static func clock(_ name: String) throws -> BenchmarkClock {
        guard let clock = BenchmarkClock(rawValue: name) else {
            throw ValidationError("--clock needs wall or cpu, not \(name)")
        }
        return clock
    }

    /// This program's file.
    private var program: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }

    /// The corpus' documents, if a row needs them.
    private func texts(for benchmarks: [Benchmark]) async throws -> [String] {
        guard let row = Benchmark.first(needing: .corpus, among: benchmarks) else { return [] }
        do {
            return try await texts()
        } catch {
            throw BenchmarkError.missing(.corpus, row: row, reason: "\(error)")
        }
    }

    private func texts() async throws -> [String] {
        let decoder = RecordDecoder(format: .json, node: "bench", maximumBytes: 16 << 20)
        var texts: [String] = []
        for try await records in FileSource(path: corpus, source: "bench").records() {
            for record in records {
                if case .document(let document) = decoder.decode(record), case .text(let text) = document.content {
                    texts.append(text)
                }
            }
        }
        return texts
    }
}
