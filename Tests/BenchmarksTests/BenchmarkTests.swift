import Benchmarks
import Testing

@Suite struct BenchmarkTests {
    @Test func noNamesAreAllBenchmarks() throws {
        #expect(try Benchmark.named([]) == Benchmark.allCases)
    }

    @Test func namesGiveTheirBenchmarksOnceInTheTablesOrder() throws {
        #expect(try Benchmark.named(["decode-16", "peak", "decode-16"]) == [.peak, .decodeMany])
    }

    @Test func anUnknownNameIsRefusedWithThoseThatThereAre() {
        #expect(throws: BenchmarkError.unknownName("forwards")) { try Benchmark.named(["peak", "forwards"]) }
        let text = BenchmarkError.unknownName("forwards").description
        for benchmark in Benchmark.allCases { #expect(text.contains(benchmark.rawValue)) }
        #expect(text.contains("\"forwards\""))
    }

    @Test(arguments: [0, -1, 1001]) func numbersThatCannotBeAreRefused(number: Int) {
        #expect(throws: BenchmarkError.self) {
            try BenchmarkSettings(model: "m", coder: "c", texts: ["a"], rounds: number, threads: 1)
        }
        #expect(throws: BenchmarkError.self) {
            try BenchmarkSettings(model: "m", coder: "c", texts: ["a"], rounds: 1, threads: number)
        }
        #expect(throws: BenchmarkError.self) {
            try BenchmarkSettings(model: "m", coder: "c", texts: ["a"], context: number * 1000, threads: 1)
        }
    }

    @Test func goalsAreReachedAtTheirBound() {
        #expect(Goal.ratioAtLeast(0.9).isReached(value: 1, ratio: 0.9) == true)
        #expect(Goal.ratioAtLeast(0.9).isReached(value: 1, ratio: 0.89) == false)
        #expect(Goal.ratioAtMost(1.1).isReached(value: 1, ratio: 1.2) == false)
        #expect(Goal.valueAtMost(0.3).isReached(value: 0.3, ratio: nil) == true)
        #expect(Goal.ratioAtLeast(4).isReached(value: 1, ratio: nil) == nil)
    }
}
