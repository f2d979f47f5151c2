import Evidence

/// How a reservoir node samples, and what that can take of memory.
struct ReservoirPlan: Sendable {
    /// How it samples.
    let settings: ReservoirSettings
    /// The longest context that reaches it, in tokens.
    let contextLength: Int

    /// The most bytes that the evidence of so many latents can take, whatever the number of tokens.
    func memoryBound(latents: Int) -> Int {
        Reservoir.memoryBound(settings: settings, latents: latents, contextLength: contextLength)
    }
}
