public import Dataflow
public import Hashing
public import LanguageModels
internal import LinearAlgebra
internal import Synchronization

/// A language model in this process that many callers use at the same time: what they ask is worked on side by side.
///
/// Each worker is a thread with a batch of its own. It holds a core's permit for one step at a time, so that other pools get
/// their turn between two tokens. Where there are fewer jobs than workers, cores that are free help with each step.
/// An answer is the same bits whoever else asks and whoever helps.
public final class BatchedModel: Sendable {
    /// The model.
    public let model: LanguageModel
    /// How activations go into products with quantised weights.
    public let activations: ActivationPrecision
    /// What decides its answers: the model's digest, and if activations are rounded, that they are.
    public let digest: Hash128

    private let permits: CorePermits?
    private let helpers: Int
    private let pools: [ComputePool<BatchWorker>]
    private let shares: Mutex<WorkShares<PendingAnswer>>

    /// Starts the workers' threads; each worker's keys and values stay within `limits`, those of earlier prompts of all together.
    public init(
        model: LanguageModel, workers: Int, permits: CorePermits?, limits: GenerationLimits? = nil,
        activations: ActivationPrecision = .f32
    ) {
        self.model = model
        self.activations = activations
        self.permits = permits
        digest = Self.digest(model, activations)
        let count = max(workers, 1)
        helpers = count - 1
        let team = count > 1 ? WorkTeam(name: "judge-help", helpers: count - 1) : nil
        shares = Mutex(WorkShares(workers: count))
        let limits = limits ?? GenerationLimits(model: model)
        let prefixes = PrefixStore(model: model, mostBytes: limits.prefixBytes)
        pools = (0..<count).map { _ in
            ComputePool(name: "judge", threads: 1, permits: permits) {
                BatchWorker(
                    batch:
                        try GenerationBatch(
                            model: model, limits: limits, activations: activations, team: team,
                            prefixes: prefixes),
                    name: model.name)
            }
        }
    }

    /// The tokens after a prompt, greedy or drawn, until one of `stop` or `maximumTokens`.
    ///
    /// Throws kind `tooLong` if the prompt does not fit the model or a worker's memory, `badAnswer` if the model cannot
    /// be run, `cancelled` if the caller's task is.
    public func generate(
        prompt: [UInt32], maximumTokens: Int, stop: Set<UInt32> = [], sampling: Sampling = .greedy,
        edits: [HookpointEdit] = []
    ) async throws(InferenceError) -> [UInt32] {
        try await answer(
            to: GenerationRequest(
                prompt: prompt, maximumTokens: maximumTokens, stop: stop, sampling: sampling, edits: edits)
        ).tokens
    }

    /// The log-probability (natural) of each token of texts that would each follow a prompt, which is computed once.
    ///
    /// Throws as `generate` does.
    public func logProbabilities(
        of texts: [[UInt32]], after prompt: [UInt32], edits: [HookpointEdit] = []
    ) async throws(InferenceError) -> [[Double]] {
        try await judgement(of: texts, after: prompt, edits: edits).values
    }

    /// The log-probability (natural) that each of some tokens would come next after tokens of a prompt, given by their
    /// places in it: `[places, tokens]`.
    ///
    /// Throws as `generate` does.
    public func logProbabilities(
        ofNext tokens: [UInt32], after places: [Int], in prompt: [UInt32], edits: [HookpointEdit] = []
    ) async throws(InferenceError) -> [[Double]] {
        let event = try await event(
            of: GenerationRequest(prompt: prompt, purpose: .alternatives(tokens, after: places), edits: edits))
        guard case .alternatives(let values) = event.outcome else { throw unexpected }
        return values
    }

    /// The logits of the token after a prompt: `[vocabulary]`.
    ///
    /// Throws as `generate` does.
    public func logits(
        after prompt: [UInt32], edits: [HookpointEdit] = []
    ) async throws(InferenceError) -> [Float] {
        let event = try await event(of: GenerationRequest(prompt: prompt, purpose: .logits, edits: edits))
        guard case .logits(let values) = event.outcome else { throw unexpected }
        return values
    }

    /// The tokens that a request asks for, and how many of its prompt's an earlier one had.
    ///
    /// Throws as `generate` does.
    func answer(to request: GenerationRequest) async throws(InferenceError) -> (tokens: [UInt32], known: Int) {
        let event = try await event(of: request)
        guard case .generated(let tokens) = event.outcome else { throw unexpected }
        return (tokens, event.known)
    }

    /// The log-probability of each token of some texts, and how many of the prompt's tokens an earlier one had.
    ///
    /// Throws as `generate` does.
    func judgement(
        of texts: [[UInt32]], after prompt: [UInt32], edits: [HookpointEdit] = []
    ) async throws(InferenceError) -> (values: [[Double]], known: Int) {
        let event = try await event(
            of: GenerationRequest(prompt: prompt, purpose: .logProbabilities(of: texts), edits: edits))
        guard case .logProbabilities(let values) = event.outcome else { throw unexpected }
        return (values, event.known)
    }

    private static func digest(_ model: LanguageModel, _ activations: ActivationPrecision) -> Hash128 {
        guard activations != .f32, model.hasIntegerProducts else { return model.digest }
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)
        hasher.update(model.digest.high)
        hasher.update(model.digest.low)
        hasher.update(text: activations.rawValue)
        // A second version of the setting: the first kept activations before weights of eight bits.
        if model.hasProductsOfEightBits { hasher.update(UInt64(2)) }
        return hasher.finalize128()
    }

    /// Calls `body` with the number of helpers that workers who rest and cores that are free allow.
    private func withHelpers(_ body: (Int) -> Int) -> Int {
        let wanted = min(shares.withLock(\.resting), helpers)
        guard let permits else { return body(wanted) }
        var taken = 0
        while taken < wanted, permits.tryAcquire() { taken += 1 }
        defer { for _ in 0..<taken { permits.release() } }
        return body(taken)
    }

    private var unexpected: InferenceError { InferenceError(.badAnswer, "\(model.name) answered another question") }

    /// The last event of a request.
    private func event(of request: GenerationRequest) async throws(InferenceError) -> GenerationEvent {
        if Task.isCancelled { throw InferenceError(.cancelled, "the work was called off") }
        let pending = PendingAnswer(request)
        if let worker = shares.withLock({ $0.add(pending) }) {
            // The caller who wakes a worker may be gone before the others are served.
            Task { await work(worker) }
        }
        return try await pending.value()
    }

    /// Has a worker take turns until there is nothing left to do.
    private func work(_ worker: Int) async {
        var goesOn = true
        while goesOn {
            do {
                goesOn = try await pools[worker].run { [self] batch in
                    let taken = shares.withLock { $0.take(worker: worker, room: batch.room) }
                    let done = withHelpers { batch.turn(taken, helpers: $0) }
                    return shares.withLock { $0.finish(worker: worker, count: done) }
                }
            } catch {
                let failure = InferenceError(.badAnswer, "\(model.name): \(error)")
                goesOn = shares.withLock { shares in
                    let taken = shares.take(worker: worker, room: .max)
                    for pending in taken { pending.answer(.failure(failure)) }
                    return shares.finish(worker: worker, count: taken.count)
                }
            }
        }
    }
}
