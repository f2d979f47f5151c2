import NIOCore

/// How long a connection may go on as it is: a state machine that is told what happens and says when its time is over.
struct ConnectionTimes {
    /// The reason why a connection has to end.
    enum Ending: Hashable {
        /// There was no request, or its client took nothing of what it was sent.
        case idle
        /// A request was begun and not finished.
        case unfinishedRequest
        /// The time for which a refused client is listened to is over.
        case refused
    }

    private let limits: ConnectionLimits
    /// When the first byte of a request came that is not whole yet.
    private var requestBegan: NIODeadline?
    /// The requests whose answer is not written yet.
    private var answering = 0
    /// When there was last neither a request nor an answer.
    private var idleSince: NIODeadline
    /// When the client stopped taking what it is sent.
    private var stalledSince: NIODeadline?
    /// When the client was refused.
    private var refusedSince: NIODeadline?

    init(limits: ConnectionLimits, now: NIODeadline) {
        self.limits = limits
        idleSince = now
    }

    /// Whether an answer is on its way.
    var isAnswering: Bool { answering > 0 }
    /// Whether the client was refused, so that nothing it sends counts any more.
    var isRefused: Bool { refusedSince != nil }
    /// Whether the server waits for the client, so that closing the connection loses no answer under way.
    var isWaitingForClient: Bool { answering == 0 || stalledSince != nil || refusedSince != nil }

    mutating func bytesCame(at now: NIODeadline) { if requestBegan == nil { requestBegan = now } }
    mutating func headCame(at now: NIODeadline) {
        if requestBegan == nil { requestBegan = now }
        answering += 1
    }
    mutating func requestEnded() { requestBegan = nil }
    mutating func answerEnded(at now: NIODeadline) {
        answering = max(0, answering - 1)
        idleSince = now
    }
    mutating func becameWritable(_ isWritable: Bool, at now: NIODeadline) { stalledSince = isWritable ? nil : now }
    mutating func refused(at now: NIODeadline) { refusedSince = now }

    /// When to look at `ending(at:)` again; `nil` as long as only the server is waited for.
    var deadline: NIODeadline? { next?.time }

    /// The reason to end the connection now; `nil` if its time is not over.
    func ending(at now: NIODeadline) -> Ending? { next.flatMap { $0.time <= now ? $0.ending : nil } }

    private var next: (time: NIODeadline, ending: Ending)? {
        if let refusedSince { return (refusedSince + ConnectionLimits.linger, .refused) }
        var ends: [(time: NIODeadline, ending: Ending)] = []
        if let requestBegan { ends.append((requestBegan + limits.request, .unfinishedRequest)) }
        if let stalledSince { ends.append((stalledSince + limits.idle, .idle)) }
        if requestBegan == nil, answering == 0 { ends.append((idleSince + limits.idle, .idle)) }
        return ends.min { $0.time < $1.time }
    }
}
