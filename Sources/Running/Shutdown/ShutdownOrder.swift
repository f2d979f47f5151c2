import Synchronization

/// What a run has opened: closed in the reverse order when the run is over, however it ends.
package final class ShutdownOrder: Sendable {
    private struct Step: Sendable {
        let name: String
        let patience: Duration?
        let close: @Sendable () async throws -> Void
    }

    private let steps = Mutex<[Step]>([])
    private let clock: any Clock<Duration>
    private let onTrouble: @Sendable (_ name: String, _ text: String) -> Void

    private init(clock: any Clock<Duration>, onTrouble: @escaping @Sendable (String, String) -> Void) {
        self.clock = clock
        self.onTrouble = onTrouble
    }

    /// Runs a body and closes all that it opened, also if it fails or its task is cancelled.
    ///
    /// A step that fails or takes too long is told to `onTrouble` and holds up none of the others: what has to outlive
    /// the run is stored before the run is over.
    /// - Throws: What the body throws.
    package static func run<Value: Sendable>(
        clock: any Clock<Duration>, onTrouble: @escaping @Sendable (_ name: String, _ text: String) -> Void,
        _ body: (ShutdownOrder) async throws -> Value
    ) async throws -> Value {
        let order = ShutdownOrder(clock: clock, onTrouble: onTrouble)
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(order))
        } catch {
            result = .failure(error)
        }
        await order.closeAll()
        return try result.get()
    }

    /// Says how something that has just been opened is closed.
    ///
    /// - Parameter patience: How long closing may take; `nil` if it has to be waited for.
    package func close(
        _ name: String, within patience: Duration? = nil, by closing: @escaping @Sendable () async throws -> Void
    ) {
        steps.withLock { $0.append(Step(name: name, patience: patience, close: closing)) }
    }

    private func closeAll() async {
        while let step = steps.withLock({ $0.popLast() }) { await close(step) }
    }

    private func close(_ step: Step) async {
        // A task of its own, since the run's may have been cancelled.
        let closing = Task { try await step.close() }
        guard let patience = step.patience else { return report(await closing.result, of: step) }
        let timer = Task { [clock] in try await clock.sleep(for: patience) }
        let result = await withCheckedContinuation { continuation in
            let first = FirstResult(continuation)
            Task { first.resume(await closing.result) }
            Task { if case .success = await timer.result { first.resume(nil) } }
        }
        timer.cancel()
        guard let result else {
            closing.cancel()
            return onTrouble(step.name, "not closed after \(patience.components.seconds) s, and left")
        }
        report(result, of: step)
    }

    private func report(_ result: Result<Void, any Error>, of step: Step) {
        if case .failure(let error) = result { onTrouble(step.name, "could not be closed: \(error)") }
    }
}

/// A continuation that is resumed by whoever comes first.
private final class FirstResult: Sendable {
    typealias Continuation = CheckedContinuation<Result<Void, any Error>?, Never>

    private let waiting: Mutex<Continuation?>

    init(_ continuation: Continuation) { waiting = Mutex(continuation) }

    /// Resumes it, unless that has been done; `nil` if the time is over.
    func resume(_ result: Result<Void, any Error>?) {
        let continuation = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        continuation?.resume(returning: result)
    }
}
