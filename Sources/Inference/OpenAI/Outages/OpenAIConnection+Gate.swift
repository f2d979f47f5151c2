extension OpenAIConnection {
    /// Does work at the endpoint once its gate lets a request through, and tells the gate how it ended.
    func admitted<Output: Sendable>(
        _ work: () async throws(InferenceError) -> Output
    ) async throws(InferenceError) -> Output {
        guard let gate else { return try await work() }
        let pass = try await gate.enter(check: check)
        do {
            let output = try await work()
            gate.leave(pass, nil)
            return output
        } catch {
            gate.leave(pass, error)
            throw error
        }
    }

    /// Waits before a request is sent again.
    ///
    /// Throws kind `cancelled` if the work is called off.
    func pause(for delay: Duration) async throws(InferenceError) {
        if let gate { return try await gate.pause(for: delay) }
        do {
            try await clock.sleep(for: delay)
        } catch {
            throw InferenceError(.cancelled, "the work was called off")
        }
    }
}
