import Foundation
import TestSupport

/// The command as users run it: a process of its own.
struct GlossProgram {
    var environment: [String: String] = [:]
    /// Where it runs.
    var folder = Folders.root

    struct Outcome {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Runs the command to its end.
    ///
    /// - Parameter limitingFilesTo: The most KiB that a file it writes may have.
    func run(_ arguments: [String], input: String = "", limitingFilesTo limit: Int? = nil) throws -> Outcome {
        let process = makeProcess(arguments)
        if let limit, let program = process.executableURL?.path {
            process.executableURL = URL(filePath: "/bin/bash")
            process.arguments = ["-c", "ulimit -f \(limit); exec \"$0\" \"$@\"", program] + arguments
        }
        return try finish(process, input: input)
    }

    /// Runs a script of bash to its end, to which the variable `GLOSS` names the program.
    func runShell(_ script: String) throws -> Outcome {
        let process = makeProcess(["-c", script])
        process.environment?["GLOSS"] = process.executableURL?.path
        process.executableURL = URL(filePath: "/bin/bash")
        return try finish(process, input: "")
    }

    private func finish(_ process: Process, input: String) throws -> Outcome {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        // Files rather than pipes: nothing can fill up and stop the program.
        try folder.write(input, to: "in")
        for name in ["out", "err"] { try folder.write("", to: name) }
        process.standardInput = FileHandle(forReadingAtPath: folder.file("in"))
        process.standardOutput = FileHandle(forWritingAtPath: folder.file("out"))
        process.standardError = FileHandle(forWritingAtPath: folder.file("err"))
        try process.run()
        process.waitUntilExit()
        func text(_ name: String) throws -> String {
            String(decoding: try Data(contentsOf: URL(filePath: folder.file(name))), as: UTF8.self)
        }
        return Outcome(status: process.terminationStatus, output: try text("out"), errors: try text("err"))
    }

    /// Starts the command and kills it (SIGKILL) as soon as it has told of so many checkpoints.
    ///
    /// - Returns: Whether it was killed before it ended by itself.
    func runAndKill(_ arguments: [String], afterCheckpoints count: Int) throws -> Bool {
        let process = makeProcess(arguments)
        let errors = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.run()
        var told = ""
        while told.components(separatedBy: "[checkpoint]").count - 1 < count {
            let data = errors.fileHandleForReading.availableData
            if data.isEmpty { break }
            told += String(decoding: data, as: UTF8.self)
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal
    }

    func makeProcess(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = Folders.programs.appending(path: "gloss")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        return process
    }
}
