import DequeModule

/// Who may go on, of those who want one of a few permits: first come, first served.
struct PermitQueue {
    /// What becomes of someone who arrives.
    enum Admission: Hashable {
        /// A permit is free.
        case granted
        /// All permits are out; a place in the queue is kept.
        case waiting
        /// The caller had withdrawn before arriving.
        case withdrawn
    }

    private var free: Int
    private var waiting: Deque<UInt64> = []
    private var withdrawn: Set<UInt64> = []
    private var lastTicket: UInt64 = 0

    /// Makes a queue for a number of permits, at least one.
    init(permits: Int) {
        free = max(permits, 1)
    }

    /// A ticket for one that is about to arrive.
    mutating func ticket() -> UInt64 {
        lastTicket += 1
        return lastTicket
    }

    /// Asks for a permit.
    mutating func arrive(_ ticket: UInt64) -> Admission {
        if withdrawn.remove(ticket) != nil { return .withdrawn }
        guard free == 0 else {
            free -= 1
            return .granted
        }
        waiting.append(ticket)
        return .waiting
    }

    /// Gives up waiting; true if the ticket was in the queue, and its owner is to be told.
    mutating func withdraw(_ ticket: UInt64) -> Bool {
        guard let place = waiting.firstIndex(of: ticket) else {
            withdrawn.insert(ticket)
            return false
        }
        waiting.remove(at: place)
        return true
    }

    /// Gives a permit back; the ticket that takes it over, if one waits.
    mutating func leave(_ ticket: UInt64) -> UInt64? {
        withdrawn.remove(ticket)
        guard let next = waiting.popFirst() else {
            free += 1
            return nil
        }
        return next
    }
}
