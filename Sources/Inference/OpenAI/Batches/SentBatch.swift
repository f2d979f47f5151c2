/// Decides what is done next with the questions of one batch, from their upload to their answers: a state machine without a
/// server, a store or a clock.
///
/// What it must know after a restart is kept before the next request: the file before a batch is made of it, the batch before its
/// end is waited for. Where it is not known whether a batch was made of the file, the server's list is looked through first, so
/// that none is paid for twice.
struct SentBatch: Sendable {
    /// What has happened.
    enum Event: Sendable, Hashable {
        /// It begins, or goes on after a restart.
        case begun
        /// The file of its questions is at the server.
        case uploaded(file: String, at: Int64)
        /// The server's list was looked through for a batch of the file.
        case listed(BatchStatus?)
        /// The server has made the batch.
        case created(BatchStatus)
        /// The server has said how far it is.
        case looked(BatchStatus)
        /// The files of its answers were read.
        case read(BatchStatus, [QuestionID: BatchFile.Outcome])
        /// Its answers are kept, and it is forgotten.
        case kept
        /// The latest request has failed.
        case failed(InferenceError)
    }

    /// What is to be done: one after another, the event of the last one is told.
    enum Action: Sendable, Hashable {
        case upload
        /// Keep this over restarts, in place of what was kept of the batch.
        case save(BatchRecord)
        case wait(Duration)
        case list(file: String)
        case create(file: String)
        case look(batch: String)
        case read(BatchStatus)
        /// Keep answers over restarts and forget the batch.
        case keep([QuestionID: [UInt8]], BatchRecord)
        /// Tell who asked; nothing comes after it.
        case settle([QuestionID: Settlement])
    }

    /// What becomes of a question.
    enum Settlement: Sendable, Hashable {
        /// Its answer is kept.
        case kept
        case failed(InferenceError)
        /// It is to be asked again; why.
        case again(String)
        /// It is to be asked again once the server has room.
        case noRoom(String)
    }

    private enum Step: Sendable, Hashable {
        case uploading, listing, creating, looking, reading, keeping
    }

    /// The questions.
    let questions: [QuestionID]
    private let place: String
    private let limits: BatchLimits
    private let excerpt: Excerpt
    /// What is kept of it; `nil` until its file is at the server, and once its answers are kept.
    private(set) var record: BatchRecord?
    private var step = Step.uploading
    private var settled: [QuestionID: Settlement] = [:]
    private var looks = 0
    private var failures = 0

    /// Makes a batch that has not been sent yet.
    init(_ questions: [QuestionID], place: String, limits: BatchLimits, excerpt: Excerpt) {
        self.questions = questions
        self.place = place
        self.limits = limits
        self.excerpt = excerpt
    }

    /// Goes on with a batch that an earlier process has sent.
    init(_ record: BatchRecord, limits: BatchLimits, excerpt: Excerpt) {
        self.init(record.questions, place: record.place, limits: limits, excerpt: excerpt)
        self.record = record
    }

    /// Takes in what has happened.
    mutating func receive(_ event: Event) -> [Action] {
        if case .failed = event {} else { failures = 0 }
        switch event {
        case .begun:
            guard let record else { return [.upload] }
            guard let batch = record.batch else { return list(record.file) }
            step = .looking
            return [.look(batch: batch)]
        case .uploaded(let file, let time):
            let record = BatchRecord(file: file, place: place, questions: questions, made: time)
            self.record = record
            step = .creating
            return [.save(record), .create(file: file)]
        case .listed(let found):
            guard let found else { return create() }
            return created(found)
        case .created(let status): return created(status)
        case .looked(let status):
            guard status.isOver else { return look(at: status.id) }
            step = .reading
            return [.read(status)]
        case .read(let status, let outcomes): return settle(status, outcomes)
        case .kept:
            record = nil
            return [.settle(settled)]
        case .failed(let error): return failed(error)
        }
    }

    private mutating func list(_ file: String) -> [Action] {
        step = .listing
        return [.list(file: file)]
    }

    private mutating func create() -> [Action] {
        guard let record else { return [.upload] }
        step = .creating
        return [.create(file: record.file)]
    }

    private mutating func created(_ status: BatchStatus) -> [Action] {
        record?.batch = status.id
        return (record.map { [.save($0)] } ?? []) + look(at: status.id)
    }

    private mutating func look(at batch: String) -> [Action] {
        step = .looking
        defer { looks += 1 }
        return [.wait(limits.poll(looks)), .look(batch: batch)]
    }

    private mutating func settle(_ status: BatchStatus, _ outcomes: [QuestionID: BatchFile.Outcome]) -> [Action] {
        var answers: [QuestionID: [UInt8]] = [:]
        settled = [:]
        let end = status.outcome(excerpt)
        for question in questions {
            switch outcomes[question] {
            case .answer(let body):
                answers[question] = body
                settled[question] = .kept
            case .failure(let error) where error.isRetriable: settled[question] = .again(error.message)
            case .failure(let error): settled[question] = .failed(error)
            case .unasked(let said): settled[question] = .again(said)
            case nil where status.foundNoRoom: settled[question] = .noRoom(end)
            case nil where status.status == "failed": settled[question] = .failed(InferenceError(.refused, end))
            case nil: settled[question] = .again("\(end), without an answer")
            }
        }
        return keep(answers)
    }

    private mutating func failed(_ error: InferenceError) -> [Action] {
        defer { failures += 1 }
        // Not before the endpoint's own rules have given it up; what is paid for is waited for, however long.
        if error.isRetriable, let record, step != .keeping {
            guard step != .creating, step != .listing else {
                return [.wait(limits.poll(failures))] + list(record.file)
            }
            return [.wait(limits.poll(failures)), .look(batch: record.batch ?? "")]
        }
        let isGone = error.kind == .refused && error.message.contains("answered 404")
        switch step {
        // A server that lists no batches has at least taken the file.
        case .listing where error.kind == .refused || error.kind == .badAnswer: return create()
        case .looking where isGone, .reading where isGone:
            settled = all(.again("the server no longer knows the batch: \(error.message)"))
            return keep([:])
        case .creating where error.kind == .refused:
            settled = all(.failed(error))
            return keep([:])
        default: return [.settle(all(.failed(error)))]
        }
    }

    /// Keeps answers before anybody is told of them.
    private mutating func keep(_ answers: [QuestionID: [UInt8]]) -> [Action] {
        guard let record else { return [.settle(settled)] }
        step = .keeping
        return [.keep(answers, record)]
    }

    private func all(_ settlement: Settlement) -> [QuestionID: Settlement] {
        Dictionary(questions.map { ($0, settlement) }) { first, _ in first }
    }
}
