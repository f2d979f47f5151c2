import DequeModule

/// The rules of a bounded channel, without locks or tasks; each call returns the action the caller has to take.
struct ChannelState<Element: Sendable> {
    typealias Receiver = CheckedContinuation<Element?, any Error>
    typealias Sender = CheckedContinuation<Void, any Error>

    private struct Entry {
        let element: Element
        let weight: Int
    }

    private struct WaitingSender {
        let id: UInt64
        let entry: Entry
        let continuation: Sender
    }

    private enum Phase {
        case open
        case finished
        case failed(any Error)
        case abandoned
    }

    let capacity: Int
    let supersedes: (@Sendable (_ new: Element, _ old: Element) -> Bool)?
    private var buffer: Deque<Entry> = []
    private var bufferedWeight = 0
    private var senders: Deque<WaitingSender> = []
    private var receiver: Receiver?
    private var phase = Phase.open
    private var nextSender: UInt64 = 0
    private var cancelledSenders: Set<UInt64> = []

    init(capacity: Int, supersedes: (@Sendable (Element, Element) -> Bool)?) {
        self.capacity = capacity
        self.supersedes = supersedes
    }

    /// The weight of the elements that wait in the channel.
    var depth: Int { bufferedWeight }

    /// The number of elements that wait in the channel.
    var count: Int { buffer.count }

    enum Offer {
        case accepted
        case deliver(Receiver)
        case mustWait(id: UInt64)
        case refused(any Error)
    }

    /// Offers an element; `mustWait` asks the caller to come back through `wait` with the id.
    mutating func offer(_ element: Element, weight: Int) -> Offer {
        switch phase {
        case .abandoned: return .refused(CancellationError())
        case .finished: return .refused(ChannelError.sentAfterFinish)
        case .failed(let error): return .refused(error)
        case .open: break
        }
        if let waiting = receiver {
            receiver = nil
            return .deliver(waiting)
        }
        if let supersedes {
            buffer.removeAll { old in
                guard supersedes(element, old.element) else { return false }
                bufferedWeight -= old.weight
                return true
            }
        }
        if buffer.isEmpty || (senders.isEmpty && bufferedWeight + weight <= capacity) {
            buffer.append(Entry(element: element, weight: weight))
            bufferedWeight += weight
            return .accepted
        }
        nextSender += 1
        return .mustWait(id: nextSender)
    }

    enum Wait {
        case suspended
        case accepted
        case deliver(Receiver)
        case refused(any Error)
    }

    /// Parks a sender that was told to wait, or lets it through if room has appeared meanwhile.
    mutating func wait(_ id: UInt64, _ element: Element, weight: Int, _ continuation: Sender) -> Wait {
        if cancelledSenders.remove(id) != nil { return .refused(CancellationError()) }
        switch phase {
        case .abandoned: return .refused(CancellationError())
        case .finished: return .refused(ChannelError.sentAfterFinish)
        case .failed(let error): return .refused(error)
        case .open: break
        }
        if let waiting = receiver {
            receiver = nil
            return .deliver(waiting)
        }
        let entry = Entry(element: element, weight: weight)
        if buffer.isEmpty || (senders.isEmpty && bufferedWeight + weight <= capacity) {
            buffer.append(entry)
            bufferedWeight += weight
            return .accepted
        }
        senders.append(WaitingSender(id: id, entry: entry, continuation: continuation))
        return .suspended
    }

    /// Takes a cancelled sender out; its continuation is to be resumed with a cancellation.
    mutating func cancelSender(_ id: UInt64) -> Sender? {
        guard let index = senders.firstIndex(where: { $0.id == id }) else {
            cancelledSenders.insert(id)
            return nil
        }
        return senders.remove(at: index).continuation
    }

    /// Forgets that a sender was cancelled, once it is known to have finished.
    mutating func forgetSender(_ id: UInt64) { cancelledSenders.remove(id) }

    enum Receive {
        case element(Element, admitted: [Sender])
        case finished
        case failed(any Error)
        case suspended
    }

    /// Takes the next element, or parks the receiver, if there is one.
    mutating func receive(_ continuation: Receiver?) -> Receive {
        if !buffer.isEmpty {
            let entry = buffer.removeFirst()
            bufferedWeight -= entry.weight
            var admitted: [Sender] = []
            while let first = senders.first, buffer.isEmpty || bufferedWeight + first.entry.weight <= capacity {
                senders.removeFirst()
                buffer.append(first.entry)
                bufferedWeight += first.entry.weight
                admitted.append(first.continuation)
            }
            return .element(entry.element, admitted: admitted)
        }
        switch phase {
        case .open:
            receiver = continuation
            return .suspended
        case .finished, .abandoned: return .finished
        case .failed(let error): return .failed(error)
        }
    }

    /// Closes the channel for senders; buffered elements are still delivered.
    mutating func finish(_ error: (any Error)?) -> (receiver: Receiver?, senders: [Sender]) {
        guard case .open = phase else { return (nil, []) }
        phase = error.map { .failed($0) } ?? .finished
        let parked = senders.map(\.continuation)
        senders = []
        let waiting = receiver
        receiver = nil
        return (waiting, parked)
    }

    /// Closes the channel from the receiver's side; nothing more is delivered.
    mutating func abandon() -> (receiver: Receiver?, senders: [Sender]) {
        phase = .abandoned
        buffer = []
        bufferedWeight = 0
        let parked = senders.map(\.continuation)
        senders = []
        let waiting = receiver
        receiver = nil
        return (waiting, parked)
    }
}

/// A misuse of a channel.
public enum ChannelError: Error, Sendable, CustomStringConvertible {
    /// An element was sent to a channel that had been finished.
    case sentAfterFinish

    /// A description of the misuse, for a person.
    public var description: String { "an element was sent to a channel that had already been finished" }
}
