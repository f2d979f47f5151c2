/// Who holds the places for connections, and who has to leave when all are taken: a state machine without sockets.
///
/// Clients that are waited for leave first, those that have waited longest before the others. So a newcomer always gets
/// in, and sees its request answered, however many connections are held open without one.
struct ConnectionPlaces {
    typealias ID = UInt64

    private let limit: Int
    /// Those accepted and not closed.
    private var open = 0
    /// Of these, those that have entered and not left.
    private var inside = 0
    private var latest: ID = 0
    /// By connection that waits for its client: its rank, smaller the longer it has waited.
    private var waiting: [ID: UInt64] = [:]
    private var nextRank: UInt64 = 0
    /// The connection that was told to leave and has not left yet.
    private var leaving: ID?
    /// Whether a newcomer was turned away since there was last room.
    private var isCrowded = false

    init(limit: Int) { self.limit = limit }

    /// A connection was accepted; it is in no use until it has entered.
    mutating func accepted() { open += 1 }

    /// An accepted connection was closed.
    mutating func closed() { open = max(0, open - 1) }

    /// An accepted connection is set up, and waits for its client.
    mutating func entered() -> ID {
        latest += 1
        inside += 1
        wait(latest)
        return latest
    }

    /// A connection begins, or ends, to wait for its client.
    mutating func changed(_ id: ID, isWaiting: Bool) {
        if isWaiting { wait(id) } else { waiting[id] = nil }
    }

    /// A connection that had entered is gone.
    mutating func left(_ id: ID) {
        inside = max(0, inside - 1)
        waiting[id] = nil
        if leaving == id { leaving = nil }
    }

    /// Whether there is a place for one more; if there is none, room has to be made.
    mutating func hasRoom() -> Bool {
        isCrowded = open >= limit
        return !isCrowded
    }

    /// The connection to close so that a newcomer who was turned away gets in; `nil` if none has to be, or may be yet.
    ///
    /// To be asked after each change: those who have a place may all be on their way in, or be answered.
    mutating func makeRoom() -> ID? {
        guard isCrowded, leaving == nil, open <= inside, let longest = waiting.min(by: { $0.value < $1.value })?.key
        else { return nil }
        waiting[longest] = nil
        leaving = longest
        return longest
    }

    private mutating func wait(_ id: ID) {
        nextRank += 1
        waiting[id] = nextRank
    }
}
