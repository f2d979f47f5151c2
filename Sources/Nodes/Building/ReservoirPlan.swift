import Evidence

/// The sampling of a reservoir node, and the memory it can take.
struct ReservoirPlan: Sendable {
    /// How it samples.
    let settings: ReservoirSettings
    /// The longest context that reaches it, in tokens.
    let contextLength: Int
}
