import Elements
import Evidence
import Hashing
import Testing

@testable import Benchmarks

@Suite struct ReservoirWorkTests {
    @Test func drawnCodesAreWhatTheirCommentSays() throws {
        var codes = DrawnCodes(latents: 4096, seed: 3)
        let batch = codes.batch(contexts: 4)
        #expect(batch.contexts.map(\.tokens.count) == [256, 256, 256, 256])
        #expect(batch.rowStarts == (0...1024).map { $0 * DrawnCodes.active })
        var reservoir = Reservoir(
            settings: try ReservoirSettings(seed: 1),
            coder: CoderIdentity(name: "c", hookpoint: "h", latents: 4096, digest: Hash128(high: 0, low: 0)))
        try reservoir.absorb(batch)
        let view = reservoir.view()
        let statistics = (0..<4096).map { view.statistics(of: $0) }
        let tokens = statistics.reduce(0) { $0 + $1.tokensFired }
        let windows = statistics.reduce(0) { $0 + $1.windowsFired }
        #expect(tokens == UInt64(batch.latents.count))
        #expect((1.8...2.3).contains(Double(tokens) / Double(windows)))
        #expect(statistics[..<1024].reduce(0) { $0 + $1.tokensFired } > tokens * 2 / 5)
        // Another batch is another text.
        #expect(codes.batch(contexts: 1).contexts[0].tokens != batch.contexts[0].tokens)
    }

    @Test(arguments: [0, 4096]) func samplingIsMeasuredBesideOneThread(tokensBefore: Int) async throws {
        let work = ReservoirWork(latents: 300, tokensBefore: tokensBefore, tokens: 4096)
        let trial = try await work.trial(2, Seconds(clock: .cpu))
        #expect(trial.title.contains("300 latents, \(tokensBefore == 0 ? "filling" : "full"), "))
        #expect(trial.title.contains("bytes a latent, 2 threads"))
        #expect(try await trial.measure() > 0)
        guard case .work(let name, let baseline) = trial.baseline else {
            Issue.record("no baseline")
            return
        }
        #expect(name == "one thread")
        #expect(try await baseline() > 0)
    }

    @Test func reservoirRowsNeedNoFiles() async throws {
        let rows = Benchmark.allCases.filter { $0.rawValue.hasPrefix("reservoir-") }
        #expect(rows.count == 3 && rows.allSatisfy { $0.needs.isEmpty })
        let settings = try BenchmarkSettings(model: "nowhere", coder: "nowhere", texts: ["a"], rounds: 1, threads: 1)
        let report = try await BenchmarkRun(settings, benchmarks: []) { _ in }.report()
        #expect(report.measurements.isEmpty)
        await #expect(throws: (any Error).self) {
            try await BenchmarkRun(settings, benchmarks: [.forward]) { _ in }.report()
        }
    }
}
