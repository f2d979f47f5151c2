import Dataflow
import Nodes
import Running
import Synchronization
import Topology

/// Runs the explain and score nodes, and builds them anew from a changed file while all else goes on.
final class ExplainingRun: Sendable {
    /// A change that was found good, and waits until what runs has ended.
    struct Change: Sendable {
        let graph: Graph
        let changes: [SettingChange]
        let text: String
        /// The sinks that are new or set differently, opened.
        let sinks: NewSinks
    }

    /// A change for which what runs is ending.
    private struct Waiting {
        let change: Change
        let answer: CheckedContinuation<ReloadOutcome, Never>
        /// Takes the readers of evidence away; awaited before others come.
        let ending: Task<Void, Never>
    }

    private struct State {
        var part: ExplainingPart
        var waiting: Waiting?
        var isOver = false
    }

    private let state: Mutex<State>
    private let builder: ExplainingBuilder
    private let requests: ReloadRequests
    private let disk: ComputePool<Void>
    /// Finds out what is to be changed; the outcome if there is nothing.
    private let prepare: @Sendable (_ running: Graph) async -> Preparation
    /// Has all else go by a topology whose explain and score nodes are built; without a change it is the one that ran.
    private let adopt: Adopting
    /// Told when nodes begin to be built anew, and when they run again.
    private let changing: @Sendable (_ isChanging: Bool) -> Void
    /// Told of what has come of each request.
    private let tell: @Sendable (_ asker: String, _ outcome: ReloadOutcome) -> Void

    /// Has all else go by explain and score nodes that are built and have not begun.
    typealias Adopting =
        @Sendable (_ part: ExplainingPart, _ change: Change?, _ running: Graph) async throws -> Void

    /// What a request leads to.
    enum Preparation: Sendable {
        case change(Change)
        case nothing(ReloadOutcome)
    }

    init(
        _ part: ExplainingPart, builder: ExplainingBuilder, requests: ReloadRequests, disk: ComputePool<Void>,
        prepare: @escaping @Sendable (_ running: Graph) async -> Preparation,
        adopt: @escaping Adopting,
        changing: @escaping @Sendable (_ isChanging: Bool) -> Void,
        tell: @escaping @Sendable (_ asker: String, _ outcome: ReloadOutcome) -> Void
    ) {
        state = Mutex(State(part: part))
        self.builder = builder
        self.requests = requests
        self.disk = disk
        self.prepare = prepare
        self.adopt = adopt
        self.changing = changing
        self.tell = tell
    }

    /// The topology that runs.
    var graph: Graph { state.withLock { $0.part.graph } }

    /// Runs until the reservoirs have ended and all is done.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.listen() }
            // The listener ends with the requests.
            defer { finish() }
            while true {
                try await state.withLock({ $0.part }).run()
                guard try await goOn() else { return }
            }
        }
    }

    /// Builds the next part, if one is asked for; `false` if the run is over.
    private func goOn() async throws -> Bool {
        let (running, waiting) = state.withLock { state in
            state.isOver = state.waiting == nil || builder.stop.isRaised
            return (state.part.graph, state.waiting.map { ($0.change, $0.ending) })
        }
        guard let (change, ending) = waiting, !builder.stop.isRaised else { return false }
        await ending.value
        await builder.connections.close()
        let outcome: ReloadOutcome
        switch await built(change.graph) {
        case .success(let part):
            try await adopt(part, change, running)
            put(part)
            outcome = .applied(change.changes)
        case .failure(let error):
            await builder.connections.close()
            if builder.stop.isRaised {
                state.withLock { $0.isOver = true }
                return false
            }
            // What ran goes on; if that cannot be built either, the run is over.
            let part = try await built(running).get()
            try await adopt(part, nil, running)
            put(part)
            outcome = .failed("\(error)")
        }
        takeAnswer()?.resume(returning: outcome)
        return true
    }

    private func built(_ graph: Graph) async -> Result<ExplainingPart, any Error> {
        do {
            return .success(try await disk.run { [builder] _ in try ExplainingPart(graph, by: builder) })
        } catch {
            return .failure(error)
        }
    }

    private func put(_ part: ExplainingPart) { state.withLock { $0.part = part } }

    private func takeAnswer() -> CheckedContinuation<ReloadOutcome, Never>? {
        state.withLock { state in
            defer { state.waiting = nil }
            return state.waiting?.answer
        }
    }

    private func finish() {
        state.withLock { $0.isOver = true }
        requests.close()
        takeAnswer()?.resume(returning: .tooLate)
    }

    private func listen() async {
        while let request = await requests.next() {
            let outcome = await outcome()
            tell(request.asker, outcome)
            request.answer(outcome)
        }
    }

    private func outcome() async -> ReloadOutcome {
        switch await prepare(graph) {
        case .nothing(let outcome): return outcome
        case .change(let change):
            let outcome = await apply(change)
            if case .failed = outcome { await change.sinks.close() }
            return outcome
        }
    }

    /// Has what runs end, and waits until the change has taken its place.
    private func apply(_ change: Change) async -> ReloadOutcome {
        let outcome: ReloadOutcome = await withCheckedContinuation { continuation in
            let isTaken = state.withLock { state in
                guard !state.isOver else { return false }
                let part = state.part
                // A reader that takes no end has failed, which ends the run by itself.
                let ending = Task<Void, Never> { try? await part.end() }
                state.waiting = Waiting(change: change, answer: continuation, ending: ending)
                return true
            }
            guard isTaken else { return continuation.resume(returning: .tooLate) }
            changing(true)
        }
        changing(false)
        return outcome
    }
}
