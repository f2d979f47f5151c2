import Dispatch

/// The way out of the cooperative pool for calls that block.
enum OffPool {
    /// Runs a call on a thread of its own.
    static func run<Value: Sendable>(_ call: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result(catching: call)) }
        }
    }
}
