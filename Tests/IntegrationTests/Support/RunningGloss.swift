import Foundation

/// The command while it runs: what it says can be waited for, and signals sent.
final class RunningGloss {
    private let process: Process
    private let transcript = Transcript()

    convenience init(_ program: GlossProgram, _ arguments: [String]) throws {
        try self.init(program.makeProcess(arguments))
    }

    init(_ process: Process) throws {
        self.process = process
        let errors = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // Always read, so that the pipe never fills up.
        Thread.detachNewThread { [transcript] in
            while case let data = errors.fileHandleForReading.availableData, !data.isEmpty { transcript.add(data) }
            transcript.end()
        }
    }

    /// Waits until the program has said `text` on standard error so often.
    ///
    /// - Returns: Whether it has, before it ended.
    func says(_ text: String, times: Int = 1) -> Bool {
        transcript.wait { $0.components(separatedBy: text).count > times }
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits for the end; the status of a program that a signal ended is the negative of the signal.
    func end() -> (status: Int32, errors: String) {
        process.waitUntilExit()
        let errors = transcript.whole()
        let status = process.terminationStatus
        return (process.terminationReason == .uncaughtSignal ? -status : status, errors)
    }

    deinit {
        if process.isRunning { signal(SIGKILL) }
    }
}

/// What a program has said so far.
///
/// `@unchecked Sendable`: every access to the text is under the condition's lock.
private final class Transcript: @unchecked Sendable {
    private let condition = NSCondition()
    private var text = ""
    private var isEnded = false

    func add(_ data: Data) {
        condition.lock()
        text += String(decoding: data, as: UTF8.self)
        condition.broadcast()
        condition.unlock()
    }

    func end() {
        condition.lock()
        isEnded = true
        condition.broadcast()
        condition.unlock()
    }

    func wait(for test: (String) -> Bool) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while !test(text), !isEnded { condition.wait() }
        return test(text)
    }

    func whole() -> String {
        condition.lock()
        defer { condition.unlock() }
        while !isEnded { condition.wait() }
        return text
    }
}
