import Benchmarks
import Dataflow
import LanguageModels

/// Runs the subject's forward pass for some seconds to learn how fast this machine is.
struct ForwardProbe: Sendable {
    /// The longest context that is run, so that a large model on a slow machine is through soon.
    private static let longest = 256

    private let pass: PlannedFiles.Pass
    private let tokens: [UInt32]
    /// The operations of one token in a context as long as those that are run.
    private let operations: Double

    /// Prepares a probe of a pass; what a token is makes no difference to the time that it takes.
    init(_ pass: PlannedFiles.Pass) {
        self.pass = pass
        let configuration = pass.model.configuration
        let length = max(1, min(pass.context, Self.longest, configuration.maximumContext))
        let vocabulary = max(1, configuration.vocabulary)
        operations = ModelWork(configuration).perToken(blocks: pass.hookpoint.block + 1, context: length)
        tokens = (0..<length).map { UInt32(($0 * 7919 + 104_729) % vocabulary) }
    }

    /// The operations of one core in a second while `threads` work side by side, each for `seconds` after a first context that expands
    /// weights and is not counted.
    ///
    /// - Throws: `ModelError` if the model cannot be run.
    func operationsPerCore(threads: Int, seconds: Double = 3) async throws -> Double {
        let (model, hookpoint, tokens) = (pass.model, pass.hookpoint, tokens)
        let mode = model.batchMode()
        let pool = ComputePool(name: "probe", threads: threads) {
            try ForwardPass(model: model, hookpoints: [hookpoint], mode: mode)
        }
        _ = try await Self.total(threads: threads, on: pool) { forward in
            _ = try forward.activations(of: [tokens])
            return tokens.count
        }
        let clock = ContinuousClock()
        let start = clock.now
        let read = try await Self.total(threads: threads, on: pool) { forward in
            var count = 0
            repeat {
                _ = try forward.activations(of: [tokens])
                count += tokens.count
            } while clock.now - start < .seconds(seconds)
            return count
        }
        let passed = (clock.now - start) / .seconds(1)
        return passed > 0 ? Double(read) * operations / passed / Double(max(1, threads)) : 0
    }

    private static func total(
        threads: Int, on pool: ComputePool<ForwardPass>, _ work: @escaping @Sendable (ForwardPass) throws -> Int
    ) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<max(1, threads) { group.addTask { try await pool.run(work) } }
            return try await group.reduce(0, +)
        }
    }
}
