import Foundation
import TestSupport
import Testing

@testable import Benchmarks

/// Rows are prepared from what they say that they need, and from nothing else.
@Suite struct BenchmarkNeedTests {
    private let folder: TemporaryFolder

    /// A tiny model with a tokenizer.
    init() throws {
        folder = try TemporaryFolder()
        for (from, name) in [
            ("architectures/llama", "config.json"), ("architectures/llama", "model.safetensors"),
            ("tiny", "tokenizer.json"),
        ] {
            try FileManager.default.copyItem(
                atPath: GoldenFiles.path(from + "/" + name), toPath: folder.file(name))
        }
    }

    /// Settings with what is there, all else missing.
    private func settings(_ there: Set<BenchmarkNeed>) throws -> BenchmarkSettings {
        let text = String(repeating: "The river carries the stone and the letter follows the garden. ", count: 400)
        return try BenchmarkSettings(
            model: there.contains(.model) ? folder.path : "/nowhere/model",
            coder: there.contains(.coder) ? GoldenFiles.path("coders/sparsify_topk") : "/nowhere/coder",
            hookpoint: there.contains(.hookpoint) ? "layers.1" : "layers.99",
            texts: there.contains(.corpus) ? [text] : [], context: 64, rounds: 1, threads: 2,
            startCommand: ["/bin/echo", "1"])
    }

    @Test(arguments: Benchmark.allCases) func aRowIsPreparedFromWhatItNeedsAlone(benchmark: Benchmark) async throws {
        let inputs = try BenchmarkInputs(settings(benchmark.needs), for: [benchmark])
        // The others look for the fastest product or make a coder of 131,072 latents first.
        guard ![.peak, .encodeWide, .encodeMemory].contains(benchmark) else { return }
        #expect(try await !BenchmarkRun.trial(of: benchmark, inputs).title.isEmpty)
    }

    @Test(arguments: Benchmark.allCases) func whatARowNeedsAndIsMissingIsNamedWithItsOption(benchmark: Benchmark) throws
    {
        for need in benchmark.needs {
            let error = #expect(throws: BenchmarkError.self) {
                try BenchmarkInputs(settings(benchmark.needs.subtracting([need])), for: [.memory, benchmark])
            }
            guard case .missing(need, row: benchmark, _) = error else {
                Issue.record("\(benchmark) without \(need): \(String(describing: error))")
                continue
            }
            let text = error?.description ?? ""
            #expect(text.contains("--\(need.rawValue)") && text.contains("row \(benchmark.rawValue) "))
        }
    }

    @Test func aCoderForAnotherPlaceIsRefusedIfARowNeedsIt() throws {
        let settings = try BenchmarkSettings(
            model: folder.path, coder: GoldenFiles.path("coders/sparsify_topk"), hookpoint: "layers.1.mlp.neurons",
            texts: ["a"], threads: 1)
        let error = #expect(throws: BenchmarkError.self) { try BenchmarkInputs(settings, for: [.encode]) }
        #expect(error?.description.contains("layers.1.mlp.neurons") == true)
        _ = try BenchmarkInputs(settings, for: [.encodeWide, .prompt])
    }

    @Test func documentsWithoutTextAreRefused() throws {
        let settings = try BenchmarkSettings(model: folder.path, coder: "none", texts: ["", ""], threads: 1)
        let error = #expect(throws: BenchmarkError.self) { try BenchmarkInputs(settings, for: [.tokenise]) }
        #expect(error?.description.contains("found no text, expected documents with text") == true)
        _ = try BenchmarkInputs(settings, for: [.start, .memory])
    }

    @Test func whatARowDoesNotSayThatItNeedsIsNotThere() throws {
        let inputs = try BenchmarkInputs(settings([.model, .corpus]), for: [.forward])
        #expect(try inputs.work.blocks == 3)
        #expect(throws: BenchmarkError.self) { try inputs.coder }
        #expect(throws: BenchmarkError.self) { try inputs.hookpoint }
    }

    @Test func onePromptIsReadByAllThreadsAgainstOneForEach() async throws {
        let inputs = try BenchmarkInputs(settings([.model, .corpus]), for: [.promptOne])
        let trial = try await BenchmarkRun.trial(of: .promptOne, inputs)
        #expect(trial.title == "one prompt of 512 tokens, 2 threads, int8")
        // Read again and again: nothing is known of an earlier round.
        for _ in 0..<2 { #expect(try await trial.measure() > 0) }
        guard case .work("2 at once", let work) = trial.baseline else {
            Issue.record("the baseline is \(trial.baseline)")
            return
        }
        #expect(try await work() > 0)
    }
}
