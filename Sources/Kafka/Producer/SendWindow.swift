/// Decides who may send next: bounds the number and bytes of messages under way, first come first served.
struct SendWindow {
    /// The identity of a waiting sender.
    typealias Ticket = Int

    private let maximumMessages: Int
    private let maximumBytes: Int
    private var waiting: [(ticket: Ticket, weight: Int)] = []
    private var nextTicket = 0
    private(set) var messages = 0
    private(set) var bytes = 0

    init(maximumMessages: Int, maximumBytes: Int) {
        self.maximumMessages = max(1, maximumMessages)
        self.maximumBytes = max(1, maximumBytes)
    }

    /// - Returns: `nil` if the sender may go on, else the ticket it has to wait with.
    mutating func enter(weight: Int) -> Ticket? {
        if waiting.isEmpty, fits(weight) {
            take(weight)
            return nil
        }
        nextTicket += 1
        waiting.append((nextTicket, weight))
        return nextTicket
    }

    /// Something that entered is done.
    ///
    /// - Returns: the tickets that may go on.
    mutating func leave(weight: Int) -> [Ticket] {
        messages = max(0, messages - 1)
        bytes = max(0, bytes - min(weight, maximumBytes))
        return admit()
    }

    /// A waiting sender gives up.
    ///
    /// - Returns: whether it was still waiting, and the tickets that may go on in its place.
    mutating func giveUp(_ ticket: Ticket) -> (wasWaiting: Bool, admitted: [Ticket]) {
        guard let index = waiting.firstIndex(where: { $0.ticket == ticket }) else { return (false, []) }
        waiting.remove(at: index)
        return (true, admit())
    }

    private mutating func admit() -> [Ticket] {
        var admitted: [Ticket] = []
        while admitted.count < waiting.count, fits(waiting[admitted.count].weight) {
            take(waiting[admitted.count].weight)
            admitted.append(waiting[admitted.count].ticket)
        }
        waiting.removeFirst(admitted.count)
        return admitted
    }

    /// A message above the bound goes alone.
    private func fits(_ weight: Int) -> Bool {
        messages == 0 || (messages < maximumMessages && min(weight, maximumBytes) <= maximumBytes - bytes)
    }

    private mutating func take(_ weight: Int) {
        messages += 1
        bytes += min(weight, maximumBytes)
    }
}
