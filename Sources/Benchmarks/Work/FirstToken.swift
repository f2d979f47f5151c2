internal import Dataflow
internal import Foundation
internal import LanguageModels
internal import Tokenization

/// From nothing to the first token of a model's answer.
public enum FirstToken {
    /// Opens a model and returns the likeliest token after a text.
    ///
    /// Throws if the model or its tokenizer cannot be read, or the text has no token.
    public static func run(model path: String, prompt: String) throws -> UInt32 {
        let tokenizer = try Tokenizer.load(from: path)
        let session = try GenerationSession(model: try LanguageModel(path: path))
        guard
            let token = try session.generate(
                prompt: tokenizer.tokensBeforeText + tokenizer.encode(prompt), maximumTokens: 1
            ).first
        else { throw BenchmarkError.setting(name: "model", found: "no token", expected: "one after `\(prompt)`") }
        return token
    }

    /// A whole process: started, until it has ended; its time on cores if that is what counts.
    static func trial(_ command: [String], clock: BenchmarkClock) -> Trial {
        let pool = ComputePool<Void>(name: "start", threads: 1)
        return Trial(title: "start of a process to the first token", baseline: .none) {
            try await pool.run { _ in try seconds(command, clock: clock) }
        }
    }

    private static func seconds(_ command: [String], clock: BenchmarkClock) throws -> Double {
        let process = Process()
        process.executableURL = URL(filePath: command.first ?? "")
        process.arguments = Array(command.dropFirst())
        let output = Pipe()
        process.standardOutput = output
        let before = childTime()
        let start = ContinuousClock.now
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let passed = (ContinuousClock.now - start) / .seconds(1)
        guard process.terminationStatus == 0, !text.isEmpty else {
            throw BenchmarkError.program(
                command: command.joined(separator: " "),
                reason: "ended with \(process.terminationStatus) and \(text.count) bytes of output")
        }
        return clock == .wall ? passed : childTime() - before
    }

    /// The seconds that children that have ended spent on cores.
    private static func childTime() -> Double {
        var usage = rusage()
        getrusage(Int32(RUSAGE_CHILDREN.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6 }
    }
}
