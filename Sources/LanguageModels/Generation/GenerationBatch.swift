public import LinearAlgebra

/// Jobs that a model works on side by side: one worker's own, used by one thread.
///
/// Jobs join and leave between any two steps. A job's results are the same bits whether it runs alone or among others.
/// Prompts that begin like earlier ones go on from those keys and values.
public final class GenerationBatch {
    /// The most continuations that have keys and values of their own at a time, for each job.
    static let continuationsAtOnce = 16
    /// The most steps that go to prompts while other jobs wait for their next token.
    private static let mostStepsForPrompts = 4
    /// After this many steps without room for it, a prompt goes before those with less left to compute.
    static let mostStepsPassedOver = 64

    /// The model.
    public let model: LanguageModel
    /// How much the batch takes on.
    public let limits: GenerationLimits
    /// The number of jobs.
    public var count: Int { jobs.count }
    /// The bytes of keys and values of all jobs and of the prompts that are kept, those of other batches too.
    public var byteCount: Int {
        let continuations = jobs.flatMap { $0.continuations.compactMap(\.text) }
        let texts = jobs.compactMap(\.text) + continuations
        return KeyValueCache.byteCount(prefixes.caches + texts.map(\.cache), model.configuration)
    }

    let runner: TokenRunner
    let prefixes: PrefixStore
    /// In the order in which they joined.
    private(set) var jobs: [BatchJob] = []
    private var lastID = 0
    private var stepsForPrompts = 0
    private var events: [GenerationEvent] = []

    /// Prepares a worker, which a team may help; examines all weights if no other worker has yet.
    ///
    /// - Parameter prefixes: The store of earlier prompts, if other batches of the same model and activations share it; then
    ///   `limits.prefixBytes` does not matter.
    /// - Throws: If the weights cannot be read.
    public init(
        model: LanguageModel, limits: GenerationLimits? = nil, activations: ActivationPrecision = .f32,
        team: WorkTeam? = nil, prefixes: PrefixStore? = nil
    ) throws(ModelError) {
        self.model = model
        let limits = limits ?? GenerationLimits(model: model)
        self.limits = limits
        runner = try TokenRunner(model: model, activations: activations, team: team)
        self.prefixes = prefixes ?? PrefixStore(model: model, mostBytes: limits.prefixBytes)
    }

    /// Takes on a job; returns its number.
    ///
    /// Throws `batchIsFull` and `cacheIsFull` if there is no room as long as other jobs are there; and if the prompt is
    /// empty, a token is not of the vocabulary, a place not in the prompt, the text may become too long or the model
    /// has not a hookpoint of the edits.
    public func join(_ request: GenerationRequest) throws(ModelError) -> Int {
        guard !request.prompt.isEmpty else { throw .noTokens }
        try model.check(request.prompt, context: 0)
        for edit in request.edits { _ = try model.width(at: edit.hookpoint) }
        if case .logProbabilities(let texts) = request.purpose {
            for (index, text) in texts.enumerated() {
                try model.check(text, context: index, after: request.prompt.count)
            }
        }
        if case .alternatives(let tokens, let places) = request.purpose {
            try model.check(tokens, context: 0)
            for place in places where !request.prompt.indices.contains(place) {
                throw .placeOutOfRange(place: place, tokens: request.prompt.count)
            }
        }
        guard jobs.count < limits.jobs else { throw .batchIsFull(jobs: limits.jobs) }
        let bytes = BatchJob.bytes(request, model)
        let free = max(limits.cacheBytes - jobs.reduce(0) { $0 + $1.bytes }, 0)
        guard bytes <= free else { throw .cacheIsFull(needed: bytes, free: free) }
        lastID += 1
        jobs.append(BatchJob(id: lastID, request: request, bytes: bytes))
        return lastID
    }

    /// Gives a job up; one that is not there is no error.
    public func leave(_ job: Int) { jobs.removeAll { $0.id == job } }

    /// Advances by one step with `helpers` of the team, if nobody else has it; the results are the same bits.
    public func step(helpers: Int) -> [GenerationEvent] {
        guard helpers > 0, let team = runner.runner.workspace.team else { return step() }
        return team.join(helpers: helpers) { members in
            runner.runner.workspace.members = members
            defer { runner.runner.workspace.members = 1 }
            return step()
        }
    }

    /// Advances by one step, and returns the results: a part of the prompts that wait, or one token for each job.
    public func step() -> [GenerationEvent] {
        events = []
        let isWaiting = jobs.contains { !$0.hasPrompt }
        if isWaiting {
            runPrompts()
            stepsForPrompts += 1
        }
        if jobs.contains(where: { $0.hasPrompt && !$0.continuations.isEmpty }) { runContinuations() }
        if !isWaiting || stepsForPrompts > Self.mostStepsForPrompts {
            stepsForPrompts = 0
            runTokens()
        }
        return events
    }

    /// A part of a job's tokens.
    struct Part {
        let job: BatchJob
        let text: TextState
        let tokens: [UInt32]
        /// The continuation that the tokens are of.
        var continuation: Int?
    }

    /// Adds parts to their texts and hands their rows on; if that fails for several, it is tried with each alone.
    func run(
        _ parts: [Part], path: TokenRunner.Path, reading: TokenRunner.Reading = .all,
        _ finish: ([Part], [Range<Int>]) throws(ModelError) -> Void
    ) {
        guard !parts.isEmpty else { return }
        let starts = parts.map(\.text.tokens.count)
        do throws(ModelError) {
            let additions = parts.map { TokenRunner.Addition(text: $0.text, tokens: $0.tokens) }
            try finish(parts, runner.run(additions, path: path, reading: reading))
        } catch {
            for (part, start) in zip(parts, starts) { part.text.truncate(to: start) }
            if parts.count > 1 {
                for part in parts { run([part], path: path, reading: reading, finish) }
            } else {
                end(parts[0].job, .failed(error))
            }
        }
    }

    /// Tells what a job came to, and lets it leave.
    func end(_ job: BatchJob, _ outcome: GenerationEvent.Outcome) {
        guard jobs.contains(where: { $0 === job }) else { return }
        events.append(GenerationEvent(job: job.id, known: job.known, outcome: outcome))
        jobs.removeAll { $0 === job }
    }

    /// Takes a job's next token.
    func take(_ token: UInt32, for job: BatchJob) {
        guard case .tokens(let maximum, let stop, _) = job.request.purpose else { return }
        if stop.contains(token) || job.generated.count >= maximum { return end(job, .generated(job.generated)) }
        job.generated.append(token)
        events.append(GenerationEvent(job: job.id, known: job.known, outcome: .token(token)))
        let length = job.request.prompt.count + job.generated.count
        if job.generated.count >= maximum || length > model.configuration.maximumContext {
            end(job, .generated(job.generated))
        }
    }
}
