import Hashing
import Inference

/// The texts that a model wrote for no explanation, as the subject read them: the same for all latents of a node.
///
/// All of it follows from plans: what is forgotten is written again, by a model in this process with the same bits. Jobs that need the
/// same texts at the same time wait for one another, hence an actor.
public actor PlainTexts {
    /// What decides which texts they are.
    struct Key: Hashable {
        let settings: GenerationSettings
        let seed: UInt64
        let writer: Hash128
        let reader: Hash128
    }

    /// Texts with what they cost.
    struct Texts: Sendable {
        let texts: [ReadText]
        let faults: [TextSieve.Fault: Int]
        /// What this caller's asking cost: nothing if they had been asked for before.
        var cost: CallCost
    }

    /// Sets of one node: plans of an earlier start may have had other settings.
    private static let most = 2

    private var known: [Key: Task<Result<Texts, ScoringError>, Never>] = [:]

    /// Nothing is known yet.
    public init() {}

    /// The texts of a key; has them made by the first caller that needs them.
    ///
    /// A failure is told to all who wait for it, and is forgotten.
    func texts(
        _ key: Key, make: @escaping @Sendable () async -> Result<Texts, ScoringError>
    ) async throws(ScoringError) -> Texts {
        if let task = known[key] {
            var texts = try await task.value.get()
            texts.cost = CallCost()
            return texts
        }
        if known.count >= Self.most { known.removeAll() }
        let task = Task { await make() }
        known[key] = task
        let result = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        if case .failure = result { known[key] = nil }
        return try result.get()
    }
}
