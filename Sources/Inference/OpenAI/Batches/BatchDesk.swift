import Dataflow
import Elements
import Synchronization

/// Gets the answers to a model's questions by batches: questions are collected, sent and waited for, over restarts.
///
/// It carries out what `BatchCollection` and `SentBatch` decide. All clients of one model share it.
package final class BatchDesk: Sendable {
    private enum Told: Sendable {
        /// The answer is kept.
        case kept
        /// Something was kept meanwhile: perhaps the answer.
        case changed
        case failed(InferenceError)
    }

    /// A question that somebody waits for.
    private struct Pending {
        let body: [UInt8]
        /// Batches that have ended without its answer.
        var rounds = 0
        var waiting: [UInt64: CheckedContinuation<Told, Never>] = [:]
    }

    /// A batch at the server; nobody waits for its end if there is no task, until one of its questions is asked.
    private struct Sent {
        var record: BatchRecord?
        var task: Task<Void, Never>?
    }

    private struct State {
        var collection: BatchCollection
        var pending: [QuestionID: Pending] = [:]
        var sent: [Int: Sent] = [:]
        /// The batch of each question that was sent.
        var batches: [QuestionID: Int] = [:]
        var next = 0
        var tickets: UInt64 = 0
        var withdrawn: Set<UInt64> = []
        /// Counts batches that have ended, so that nobody misses an answer that is kept while they look for it.
        var ended: UInt64 = 0
        var timer: (due: Duration, task: Task<Void, Never>)?
        var loading: Task<Void, any Error>?
        var isClosed = false
    }

    private let state: Mutex<State>
    private let limits: BatchLimits
    private let keeper: any BatchKeeper
    private let connection: OpenAIConnection
    private let server: BatchServer
    private let elapsed: @Sendable () -> Duration

    /// Makes a desk for the model of a connection; nothing is asked yet.
    ///
    /// Throws kind `unsupported` if the connection's endpoint is no usable address.
    package init(
        _ connection: OpenAIConnection, limits: BatchLimits = BatchLimits(), keeper: any BatchKeeper
    ) throws(InferenceError) {
        state = Mutex(State(collection: BatchCollection(limits)))
        self.limits = limits
        self.keeper = keeper
        self.connection = connection
        server = try BatchServer(connection)
        elapsed = connection.clock.stopwatch()
    }

    /// Fails with the server's words if the server of a connection has no batches.
    package static func check(_ connection: OpenAIConnection) async throws(InferenceError) {
        try await BatchServer(connection).check()
    }

    /// Calls off those who wait; what is at the server is waited for by the next start.
    package func close() {
        let (tasks, waiting) = state.withLock { state in
            state.isClosed = true
            defer { state.pending = [:] }
            return (
                state.sent.values.compactMap(\.task) + [state.timer?.task].compactMap(\.self),
                state.pending.values.flatMap(\.waiting.values)
            )
        }
        for task in tasks { task.cancel() }
        for continuation in waiting { continuation.resume(returning: .failed(Self.stopping)) }
    }

    private static let stopping = InferenceError(.cancelled, "the run is stopping")

    /// Whether a question is at the server, in a batch of this process or of an earlier one.
    func isSent(_ id: QuestionID) async throws(InferenceError) -> Bool {
        try await load()
        return state.withLock { $0.batches[id] != nil }
    }

    /// The answer to a question, if an earlier batch had it.
    func kept(_ id: QuestionID) async throws(InferenceError) -> KeptAnswer? {
        try await storing { try await $0.take(id) }
    }

    /// Forgets an answer that is of no use, so that the question is asked again.
    func forget(_ id: QuestionID) async throws(InferenceError) { try await storing { try await $0.forget(id) } }

    /// The answer to a question, once its batch has ended; `body` is a chat request.
    func answer(to id: QuestionID, body: [UInt8]) async throws(InferenceError) -> KeptAnswer {
        try await load()
        var isKept = false
        while true {
            let ended = state.withLock { $0.ended }
            if let kept = try await kept(id) { return kept }
            guard !isKept else { throw InferenceError(.serverFailure, "the answer of a batch was lost") }
            switch await wait(for: id, body: body, unlessEndedSince: ended) {
            case .kept: isKept = true
            case .changed: continue
            case .failed(let error): throw error
            }
        }
    }

    private func wait(for id: QuestionID, body: [UInt8], unlessEndedSince ended: UInt64) async -> Told {
        let ticket = state.withLock { state in
            state.tickets += 1
            return state.tickets
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let told: Told? = state.withLock { state in
                    if state.isClosed { return .failed(Self.stopping) }
                    if state.withdrawn.remove(ticket) != nil { return .failed(Self.calledOff) }
                    if state.ended != ended { return .changed }
                    state.pending[id, default: Pending(body: body)].waiting[ticket] = continuation
                    if let number = state.batches[id] {
                        goOn(with: number, &state)
                    } else {
                        collect(id, &state)
                        send(&state)
                    }
                    return nil
                }
                if let told { continuation.resume(returning: told) }
            }
        } onCancel: {
            withdraw(ticket, from: id)
        }
    }

    private static let calledOff = InferenceError(.cancelled, "the work was called off")

    private func withdraw(_ ticket: UInt64, from id: QuestionID) {
        let continuation = state.withLock { state -> CheckedContinuation<Told, Never>? in
            guard let continuation = state.pending[id]?.waiting.removeValue(forKey: ticket) else {
                state.withdrawn.insert(ticket)
                return nil
            }
            if state.pending[id]?.waiting.isEmpty == true {
                state.pending[id] = nil
                state.collection.remove(id)
            }
            return continuation
        }
        continuation?.resume(returning: .failed(Self.calledOff))
    }
}

extension BatchDesk {
    /// Sends what is to be sent now, and sees to it that the rest is.
    private func send(_ state: inout State) {
        guard !state.isClosed else { return }
        while let questions = state.collection.take(at: elapsed()) {
            let bodies = questions.map { state.pending[$0]?.body ?? [] }
            let number = state.next
            state.next += 1
            for question in questions { state.batches[question] = number }
            let batch = SentBatch(
                questions, place: server.exchange.place, limits: limits, excerpt: server.exchange.excerpt)
            state.sent[number] = Sent(task: Task { await self.run(batch, number, bodies: bodies) })
        }
        guard let due = state.collection.due else { return }
        if let timer = state.timer, timer.due <= due { return }
        state.timer?.task.cancel()
        let length = max(due - elapsed(), .zero)
        let task = Task { [clock = connection.clock] in
            guard (try? await clock.sleep(for: length)) != nil else { return }
            self.state.withLock { state in
                state.timer = nil
                self.send(&state)
            }
        }
        state.timer = (due, task)
    }

    /// Waits for the end of a batch that nobody waits for.
    private func goOn(with number: Int, _ state: inout State) {
        guard let sent = state.sent[number], sent.task == nil, let record = sent.record else { return }
        let batch = SentBatch(record, limits: limits, excerpt: server.exchange.excerpt)
        state.sent[number]?.task = Task { await self.run(batch, number, bodies: []) }
    }

    /// Carries out what a batch decides, until its questions are settled.
    private func run(_ begun: SentBatch, _ number: Int, bodies: [[UInt8]]) async {
        var batch = begun
        var actions = batch.receive(.begun)
        while true {
            var event: SentBatch.Event?
            do throws(InferenceError) {
                for action in actions {
                    if case .settle(let settled) = action { return settle(settled, of: number, kept: batch.record) }
                    event = try await carryOut(action, of: batch, bodies: bodies)
                }
            } catch {
                event = .failed(error)
            }
            guard let event else { return }
            actions = batch.receive(event)
        }
    }

    private func carryOut(
        _ action: SentBatch.Action, of batch: SentBatch, bodies: [[UInt8]]
    ) async throws(InferenceError) -> SentBatch.Event? {
        switch action {
        case .upload:
            var lines: [UInt8] = []
            for (question, body) in zip(batch.questions, bodies) {
                lines += BatchFile.line(question, body: body, address: BatchServer.questions)
            }
            return .uploaded(file: try await server.upload(lines), at: connection.now())
        case .save(let record): try await storing { try await $0.keep(record) }
        case .wait(let length): try await connection.pause(for: length)
        case .list(let file): return .listed(try await server.find(file: file))
        case .create(let file): return .created(try await server.create(file: file))
        case .look(let id): return .looked(try await server.look(at: id))
        case .read(let status): return .read(status, try await server.outcomes(of: status, batch.questions))
        case .keep(let answers, let record):
            try await storing { try await $0.keep(answers, of: record) }
            return .kept
        case .settle: break
        }
        return nil
    }

    private func settle(_ settled: [QuestionID: SentBatch.Settlement], of number: Int, kept record: BatchRecord?) {
        let told = state.withLock { state -> [(CheckedContinuation<Told, Never>, Told)] in
            state.ended += 1
            var told: [(CheckedContinuation<Told, Never>, Told)] = []
            func tell(_ id: QuestionID, _ what: Told) {
                told += (state.pending.removeValue(forKey: id)?.waiting.values.map { ($0, what) } ?? [])
            }
            if record == nil {
                state.sent[number] = nil
                for id in settled.keys { state.batches[id] = nil }
            } else {
                state.sent[number] = Sent(record: record)
            }
            noteRoom(settled, &state)
            // In the order of their names, so that the same outcome gives the same next batch.
            for (id, settlement) in settled.sorted(by: { $0.key.hash < $1.key.hash }) {
                switch settlement {
                case .kept: tell(id, .kept)
                case .failed(let error): tell(id, .failed(error))
                case .again(let reason):
                    state.pending[id]?.rounds += 1
                    if let rounds = state.pending[id]?.rounds, rounds >= limits.rounds {
                        let words = "\(rounds) batches ended without an answer; the last: \(reason)"
                        tell(id, .failed(InferenceError(.serverFailure, words)))
                    } else {
                        collect(id, &state)
                    }
                case .noRoom: collect(id, &state)
                }
            }
            send(&state)
            return told
        }
        for (continuation, what) in told { continuation.resume(returning: what) }
    }

    private func noteRoom(_ settled: [QuestionID: SentBatch.Settlement], _ state: inout State) {
        let refused = settled.values.count { if case .noRoom = $0 { true } else { false } }
        if refused > 0 {
            state.collection.foundNoRoom(for: refused, at: elapsed())
            connection.note(
                "\(server.exchange.place): it has no room for a batch of \(refused) questions: smaller ones are sent, later"
            )
        } else if settled.values.contains(.kept) {
            state.collection.foundRoom()
        }
    }

    private func collect(_ id: QuestionID, _ state: inout State) {
        guard let body = state.pending[id]?.body else { return }
        let line = BatchFile.line(id, body: [], address: BatchServer.questions).count + body.count
        state.collection.add(id, bytes: line, at: elapsed())
    }

    /// Learns, once, which batches an earlier process has sent.
    private func load() async throws(InferenceError) {
        let loading = state.withLock { state in
            if let loading = state.loading { return loading }
            let loading = Task { [keeper, place = server.exchange.place] in
                let records = try await keeper.batches(of: place)
                self.state.withLock { state in
                    for record in records {
                        state.sent[state.next] = Sent(record: record)
                        for question in record.questions { state.batches[question] = state.next }
                        state.next += 1
                    }
                }
            }
            state.loading = loading
            return loading
        }
        do {
            try await loading.value
        } catch {
            state.withLock { $0.loading = nil }
            throw Self.unkept(error)
        }
    }

    private func storing<Value: Sendable>(
        _ work: (any BatchKeeper) async throws -> Value
    ) async throws(InferenceError) -> Value {
        do {
            return try await work(keeper)
        } catch {
            throw Self.unkept(error)
        }
    }

    /// What is left if the state of batches cannot be read or written; it ends the run elsewhere.
    private static func unkept(_ error: any Error) -> InferenceError {
        InferenceError(.cancelled, "batches cannot be kept: \(error)")
    }
}
