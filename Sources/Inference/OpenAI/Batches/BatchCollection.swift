/// Collects questions until they are sent as a batch: a state machine without a clock.
///
/// A batch is sent once it has as many questions or bytes as it may, or once its first question has waited long enough.
/// Times are durations since any fixed moment, never falling.
struct BatchCollection: Sendable {
    private let limits: BatchLimits
    private var sizes: [QuestionID: Int] = [:]
    /// In the order of arrival; those that were taken back are still in it.
    private var order: [QuestionID] = []
    private var bytes = 0
    private var since: Duration?
    /// The most questions of a batch: fewer than asked for after the server had no room.
    private(set) var mostRequests: Int
    /// Nothing is sent before, since the server had no room.
    private var notBefore: Duration?
    private var roomWait: Duration

    init(_ limits: BatchLimits) {
        self.limits = limits
        mostRequests = max(limits.requests, 1)
        roomWait = limits.roomWait
    }

    /// The questions collected.
    var count: Int { sizes.count }

    func contains(_ id: QuestionID) -> Bool { sizes[id] != nil }

    /// Adds a question of so many bytes.
    mutating func add(_ id: QuestionID, bytes size: Int, at time: Duration) {
        guard sizes.updateValue(size, forKey: id) == nil else { return }
        order.append(id)
        bytes += size
        if since == nil { since = time }
    }

    /// Takes a question back that nobody waits for any more.
    mutating func remove(_ id: QuestionID) {
        guard let size = sizes.removeValue(forKey: id) else { return }
        order.removeAll { $0 == id }
        bytes -= size
        if sizes.isEmpty { since = nil }
    }

    /// When a batch is to be looked for again; `nil` with no question, and before now if one is due.
    var due: Duration? {
        guard let since else { return nil }
        let end = isFull ? since : since + limits.collecting
        return max(end, notBefore ?? end)
    }

    private var isFull: Bool { sizes.count >= mostRequests || bytes >= limits.bytes }

    /// The next batch; `nil` if none is due.
    mutating func take(at time: Duration) -> [QuestionID]? {
        guard let due, time >= due else { return nil }
        var taken: [QuestionID] = []
        var sum = 0
        for id in order {
            guard let size = sizes[id] else { continue }
            guard taken.isEmpty || sum + size <= limits.bytes && taken.count < mostRequests else { break }
            taken.append(id)
            sum += size
            sizes[id] = nil
        }
        order.removeFirst(taken.count)
        bytes -= sum
        since = sizes.isEmpty ? nil : time
        return taken
    }

    /// The server had no room for a batch of so many questions: the next ones are smaller, and wait.
    mutating func foundNoRoom(for count: Int, at time: Duration) {
        mostRequests = min(mostRequests, max(count / 2, 1))
        notBefore = time + roomWait
        roomWait = min(roomWait * 2, .seconds(3600))
    }

    /// The server has taken a batch and answered it.
    mutating func foundRoom() {
        mostRequests = max(limits.requests, 1)
        notBefore = nil
        roomWait = limits.roomWait
    }
}
