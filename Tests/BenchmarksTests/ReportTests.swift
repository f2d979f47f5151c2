import Benchmarks
import Foundation
import LinearAlgebra
import Testing

@Suite struct ReportTests {
    private let report = BenchmarkReport(
        machine: Machine(
            cpu: "A CPU", kernel: CPUKernel(core: "Haswell", vector: .avx2), threads: 2, loadBefore: 3.25,
            loadAfter: nil),
        clock: .wall, rounds: 2,
        measurements: [
            Measurement(
                benchmark: .peak, title: "sgemm peak", figures: [200, 100], baseline: nil, isPaired: false,
                cost: Roofline.Cost(operations: 1e9, bytes: 1e7), peaks: [150e9]),
            Measurement(benchmark: .memory, title: "reading", figures: [10], baseline: nil, isPaired: false),
            Measurement(
                benchmark: .forward, title: "forward", figures: [1507, 1507],
                baseline: Measurement.Baseline(name: "at peak", figures: [1600, 1800]), isPaired: true,
                cost: Roofline.Cost(operations: 80e6, bytes: 4e6), peaks: [140e9]),
            Measurement(
                benchmark: .prompt, title: "prompts", figures: [350], baseline: nil, isPaired: false, note: "no program"
            ),
        ], notes: ["llama-cpp-python could not be built"])

    @Test func theTextHasTableRooflineAndNotes() {
        let expected = """
            A CPU, 2 threads, kernel Haswell+avx2; load before and after 3.25 and –
            medians of 2 rounds, baseline and work in turn, wall clock

            name     work        measured  unit      baseline  of what  ratio  wanted
            ───────  ──────────  ────────  ────────  ────────  ───────  ─────  ────────  ─────
            peak     sgemm peak       150  GFLOP/s          –  –            –  –         –
            memory   reading           10  GB/s             –  –            –  –         –
            forward  forward        1,507  tokens/s     1,700  at peak   0.89  ≥ 0.90 ×  short
            prompt   prompts          350  tokens/s         –  –            –  ≥ 4 ×     –

            name     MFLOP a unit  FLOP a byte  GFLOP/s  roof  of it  roof is
            ───────  ────────────  ───────────  ───────  ────  ─────  ──────────
            peak            1,000          100      150   150      1  arithmetic
            forward            80           20      121   140  0.861  arithmetic

            prompt: no program
            llama-cpp-python could not be built
            """
        #expect(report.text == expected)
    }

    @Test func figuresHaveThreeDigits() {
        let figures: [(Double, String)] = [
            (0, "0"), (4, "4"), (0.9, "0.90"), (0.855, "0.855"), (0.85, "0.85"), (1.0 / 3, "0.333"), (0.9999, "1.00"),
            (2.4691, "2.47"), (0.99949, "0.999"),
            (9.996, "10.0"), (85.8, "85.8"), (99.96, "100"), (1507.4, "1,507"), (1_234_567, "1,234,567"),
            (-0.5, "-0.50"), (-1500, "-1,500"), (.infinity, "–"), (.nan, "–"), (0.0004, "0.00"),
        ]
        for (value, text) in figures { #expect(Figure.text(value) == text, "\(value)") }
    }

    @Test func theJSONHasAnObjectForEachBenchmark() throws {
        let object = try JSONSerialization.jsonObject(with: Data(try report.json().utf8)) as? [String: Any]
        let results = try #require(object?["results"] as? [[String: Any]])
        #expect(results.map { $0["name"] as? String } == ["peak", "memory", "forward", "prompt"])
        #expect(object?["kernel"] as? String == "Haswell+avx2")
        #expect(object?["load_before"] as? Double == 3.25)
        #expect(object?["clock"] as? String == "wall")
        #expect(object?["notes"] as? [String] == ["llama-cpp-python could not be built"])
        let forward = results[2]
        #expect(forward["measured"] as? Double == 1507)
        #expect(forward["measured_rounds"] as? [Double] == [1507, 1507])
        #expect((forward["baseline"] as? [String: Any])?["value"] as? Double == 1700)
        #expect(forward["verdict"] as? String == "short")
        #expect(forward["wanted"] as? String == "≥ 0.90 ×")
        #expect((forward["roofline"] as? [String: Any])?["bound"] as? String == "arithmetic")
        #expect(results[3]["ratio"] == nil)
        #expect(results[3]["note"] as? String == "no program")
    }
}
