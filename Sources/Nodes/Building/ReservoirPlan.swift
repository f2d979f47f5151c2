import Evidence

/// The sampling of a reservoir node, and the memory it can take.
struct ReservoirPlan: Sendable {
    /// How it samples.
    let settings: ReservoirSettings
    /// The longest context that reaches it, in tokens.
    let contextLength: Int

    /// The most bytes that the evidence of a number of latents can take, whatever the number of tokens.
    func memoryBound(latents: Int) -> Int {
        Reservoir.memoryBound(settings: settings, latents: latents, contextLength: contextLength)
    }
}
