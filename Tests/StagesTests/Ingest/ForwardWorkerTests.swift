import Dataflow
import Elements
import Hashing
import LanguageModels
import LinearAlgebra
import TestSupport
import Testing

@testable import Stages

@Suite struct ForwardWorkerTests {
    private let model: LanguageModel
    private let permits = CorePermits(count: 3)
    private let together: TeamPass
    private let pace = SharedPace(target: .milliseconds(500), bounds: 32...4096, workers: 3)

    init() throws {
        model = try LanguageModel(path: GoldenFiles.path("architectures/qwen2"))
        together = TeamPass(cores: SpareCores(name: "test", cores: 3, permits: permits)) { [model] cores in
            try ForwardPass(
                model: model, hookpoints: [Hookpoint(block: 2, site: .residual)], mode: model.batchMode(),
                team: cores.team)
        }
    }

    private func worker() throws -> ForwardWorker {
        let pass = try ForwardPass(
            model: model, hookpoints: [Hookpoint(block: 2, site: .residual)], mode: model.batchMode())
        return ForwardWorker(pass: pass, together: together, pace: pace)
    }

    private func batch(_ lengths: Int...) -> ContextBatch {
        ContextBatch(
            contexts: lengths.map { length in
                Context(
                    tokens: (0..<UInt32(length)).map { $0 * 37 % 512 }, document: Hash128(high: 0, low: 1),
                    timestamp: 0, source: nil)
            })
    }

    private var freePermits: Int {
        var free = 0
        while permits.tryAcquire() { free += 1 }
        for _ in 0..<free { permits.release() }
        return free
    }

    @Test func aSharedBatchGivesTheSameBits() throws {
        let worker = try worker()
        let batch = batch(127, 1, 63, 125)
        let alone = try #require(try worker.activations(of: batch, isShared: false) { false })
        let shared = try #require(try worker.activations(of: batch, isShared: true) { false })
        let values = try #require(alone.activations["layers.2"]).values
        #expect(try #require(shared.activations["layers.2"]).values.map(\.bitPattern) == values.map(\.bitPattern))
        #expect(shared.contexts.map(\.tokens) == batch.contexts.map(\.tokens))
    }

    /// What comes after the forward stage gets a core between two blocks, whatever a batch takes.
    @Test(arguments: [false, true]) func allPermitsAreBackBetweenTwoBlocks(isShared: Bool) throws {
        var free: [Int] = []
        _ = try worker().activations(of: batch(127, 120), isShared: isShared) {
            free.append(freePermits)
            return false
        }
        #expect(free == [3, 3, 3])
    }

    @Test(arguments: [false, true]) func whatIsNoLongerNeededIsLeftAndNotMeasured(isShared: Bool) throws {
        var asked = 0
        let result = try worker().activations(of: batch(127), isShared: isShared) {
            asked += 1
            return asked > 1
        }
        #expect(result == nil && asked == 2)
        #expect(pace.batch() == 32)
    }

    @Test func aBatchIsMeasured() throws {
        _ = try worker().activations(of: batch(127, 127, 127), isShared: true) { false }
        // A tiny model computes more than 32 tokens in half a second.
        #expect(pace.batch() > 32)
    }
}
