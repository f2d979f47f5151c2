import Dispatch

extension Array where Element: Sendable {
    /// What `transform` makes of each element, in order, on as many cores as there are.
    package func concurrentMap<Result: Sendable>(_ transform: @Sendable (Element) -> Result) -> [Result] {
        [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
            // Each element's result has a place of its own, and all are there when the call is over.
            nonisolated(unsafe) let places = buffer
            DispatchQueue.concurrentPerform(iterations: count) { index in
                places.initializeElement(at: index, to: transform(self[index]))
            }
            initialized = count
        }
    }
}

/// What pieces of work give, done on as many cores as there are and begun in their order; throws what the first that fails throws.
package func concurrently<Result: Sendable>(_ pieces: [@Sendable () throws -> Result]) throws -> [Result] {
    try pieces.concurrentMap { piece in Swift.Result(catching: piece) }.map { try $0.get() }
}
