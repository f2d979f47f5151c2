import Kafka
import Store

/// A dead letter that is to be sent, and what is sent.
struct PlannedReplay: Sendable, Hashable {
    /// What the state is told before.
    let note: BegunReplay
    /// The message.
    let message: KafkaMessage
}

/// Some dead letters in a row, with what is to be done about them.
struct ReplayPage: Sendable {
    /// Those that are sent.
    let planned: [PlannedReplay]
    /// The number of the last letter looked at; `nil` if there are no more.
    let last: Int64?
}

/// The order in which dead letters are sent again, so that a replay that was cut off anywhere can go on.
///
/// What is sent is noted before as begun, and after as sent. What a replay before this one had begun is looked for in the topics
/// first: it was sent if it is there, and counts as not begun if it is not.
struct Replay: Sendable {
    /// What is to be done next.
    enum Action: Sendable, Hashable {
        /// Read which replays were begun; answered by `readBegun`.
        case readBegun
        /// Look in the topics for what was begun; answered by `looked`.
        case look([BegunReplay])
        /// Note what was sent, by letter with its offset, and what was not; answered by `noted`.
        case note(sent: [Int64: Int64], unsent: [Int64])
        /// Choose what is sent of the letters after this one; answered by `chosen`.
        case choose(after: Int64)
        /// Note that these are about to be sent; answered by `noted`.
        case begin([PlannedReplay])
        /// Send these; answered by `sent`.
        case send([PlannedReplay])
        /// Nothing is left to do.
        case finish
        /// What was sent is noted, and something could not be sent.
        case fail
    }

    private enum Phase {
        case starting
        case looking([BegunReplay])
        case settling
        case choosing
        case beginning([PlannedReplay])
        case sending([PlannedReplay])
        case noting(hasFailed: Bool)
        case over
    }

    private var phase = Phase.starting
    /// The last letter that was looked at.
    private var last: Int64 = 0
    /// The replays that an earlier process had begun and sent.
    private(set) var found = 0
    /// The replays that this one has sent.
    private(set) var sent = 0

    /// The first thing to do.
    var first: Action { .readBegun }

    /// Takes in what earlier processes had begun.
    mutating func readBegun(_ begun: [BegunReplay]) -> Action {
        guard !begun.isEmpty else { return choose() }
        phase = .looking(begun)
        return .look(begun)
    }

    /// Takes in what was found in the topics: by letter its offset.
    mutating func looked(_ offsets: [Int64: Int64]) -> Action {
        guard case .looking(let begun) = phase else { return .fail }
        phase = .settling
        let letters = begun.map(\.letter)
        let known = offsets.filter { letters.contains($0.key) }
        found = known.count
        return .note(sent: known, unsent: letters.filter { known[$0] == nil })
    }

    /// Takes in what is sent of the next letters.
    mutating func chosen(_ page: ReplayPage) -> Action {
        guard case .choosing = phase else { return .fail }
        guard let last = page.last, last > self.last else {
            phase = .over
            return .finish
        }
        self.last = last
        guard !page.planned.isEmpty else { return choose() }
        phase = .beginning(page.planned)
        return .begin(page.planned)
    }

    /// Goes on after something was noted.
    mutating func noted() -> Action {
        switch phase {
        case .settling: return choose()
        case .beginning(let planned):
            phase = .sending(planned)
            return .send(planned)
        case .noting(let hasFailed):
            guard hasFailed else { return choose() }
            phase = .over
            return .fail
        case .starting, .looking, .choosing, .sending, .over: return .fail
        }
    }

    /// Takes in which letters were sent, by the offsets they got, which were refused, and whether something else was not sent.
    ///
    /// What was refused was not written, and counts as not begun. What else has no offset stays begun: it may have been written
    /// all the same, which only a look in the topic tells.
    mutating func sent(_ offsets: [Int64: Int64], refused: [Int64] = [], hasFailed: Bool) -> Action {
        guard case .sending = phase else { return .fail }
        phase = .noting(hasFailed: hasFailed)
        sent += offsets.count
        return .note(sent: offsets, unsent: refused)
    }

    private mutating func choose() -> Action {
        phase = .choosing
        return .choose(after: last)
    }
}
