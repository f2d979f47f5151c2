import Dispatch

extension Array where Element: Sendable {
    /// What `transform` makes of each element, in order, on as many cores as there are.
    func concurrentMap<Result: Sendable>(_ transform: @Sendable (Element) -> Result) -> [Result] {
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

/// What two pieces of work give, done at once; throws what the first throws, else what the second does.
func together<First: Sendable, Second: Sendable>(
    _ first: @Sendable () throws -> First, _ second: @Sendable () throws -> Second
) throws -> (First, Second) {
    let done = [true, false].concurrentMap { isFirst in
        (isFirst ? Result(catching: first) : nil, isFirst ? nil : Result(catching: second))
    }
    return (
        try (done[0].0 ?? Result(catching: first)).get(), try (done[1].1 ?? Result(catching: second)).get()
    )
}
