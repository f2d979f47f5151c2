internal import CVectorKernels
internal import Foundation
internal import Glibc
internal import Synchronization

/// Threads that help one thread with pieces of its work, each some microseconds long, and rest when there is none.
///
/// Pieces are taken one by one, so that a helper that is not running holds nobody up. A helper that finds nothing to do for
/// some 50 µs sleeps until it is woken.
public final class WorkTeam: Sendable {
    /// The number of helpers.
    public let helpers: Int
    private let shared: Shared

    /// Starts the helpers' threads, asleep.
    public init(name: String, helpers: Int) {
        self.helpers = max(helpers, 0)
        shared = Shared(helpers: self.helpers)
        for helper in 0..<self.helpers {
            let thread = Thread { [shared] in shared.help(as: helper + 1) }
            thread.name = "\(name)-\(helper)"
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    deinit { shared.close() }

    /// Makes the team one caller's own, with `helpers` helpers, while `body` runs; with none if another has it.
    ///
    /// `body` gets the number of members who may work on its pieces, itself included.
    public func join<Result>(helpers: Int, _ body: (Int) -> Result) -> Result {
        guard helpers > 0,
            shared.isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
        else { return body(1) }
        defer { shared.isTaken.store(false, ordering: .releasing) }
        return body(min(helpers, self.helpers) + 1)
    }

    /// Does `count` pieces, each once, by `members` members; returns when all are done.
    ///
    /// `piece` gets the piece's number and the member who does it, 0 for the caller and at most `helpers`; it may be called by several threads at once.
    /// To be called only by the caller that the team has joined.
    public func perform(_ count: Int, members: Int, _ piece: @escaping (Int, Int) -> Void) {
        guard count > 1, members > 1, count <= Shared.mostPieces else {
            for number in 0..<max(count, 0) { piece(number, 0) }
            return
        }
        shared.perform(count, helpers: min(members - 1, helpers), piece)
    }
}

/// The state that a team's threads share.
///
/// The word `pieces` holds the number of the work in its upper half, below it how many pieces there are and how many of them
/// are taken; whoever raises the lowest part has taken a piece.
private final class Shared: @unchecked Sendable {
    // Sound: `piece` is written while no piece of a former work is under way, before the word that lets pieces be taken, and read
    // by those who have taken one.
    static let mostPieces = 0xffff
    /// The number of moments, some 20 ns each, that are spent waiting.
    private static let moments = 1 << 11

    let isTaken = Atomic(false)
    private let pieces = Atomic<UInt64>(0)
    private let unfinished = Atomic<Int>(0)
    /// The helpers with numbers up to this may take pieces.
    private let awake = Atomic<Int>(0)
    private let isClosed = Atomic(false)
    private let sleepers: [Sleeper]
    private var piece: ((Int, Int) -> Void)?

    private final class Sleeper: Sendable {
        let isAsleep = Atomic(false)
        let bell = DispatchSemaphore(value: 0)

        func wake() { if isAsleep.exchange(false, ordering: .sequentiallyConsistent) { bell.signal() } }
    }

    init(helpers: Int) { sleepers = (0..<helpers).map { _ in Sleeper() } }

    func close() {
        isClosed.store(true, ordering: .sequentiallyConsistent)
        for sleeper in sleepers { sleeper.wake() }
    }

    func perform(_ count: Int, helpers: Int, _ piece: @escaping (Int, Int) -> Void) {
        self.piece = piece
        unfinished.store(count, ordering: .relaxed)
        awake.store(helpers, ordering: .relaxed)
        let number = (pieces.load(ordering: .relaxed) >> 32) &+ 1
        pieces.store(number << 32 | UInt64(count) << 16, ordering: .sequentiallyConsistent)
        for helper in 0..<helpers { sleepers[helper].wake() }
        while takePiece(as: 0) {}
        var moments = 0
        while unfinished.load(ordering: .acquiring) > 0 {
            gloss_wait_a_moment()
            moments += 1
            // Whoever has the last piece may have lost its core.
            if moments > Self.moments { sched_yield() }
        }
        self.piece = nil
    }

    /// Does a piece that nobody has taken; `false` if there is none.
    private func takePiece(as member: Int) -> Bool {
        var word = pieces.load(ordering: .acquiring)
        while word & 0xffff < word >> 16 & 0xffff {
            let (isTaken, found) = pieces.weakCompareExchange(
                expected: word, desired: word + 1, ordering: .acquiringAndReleasing)
            guard isTaken else {
                word = found
                continue
            }
            piece?(Int(word & 0xffff), member)
            unfinished.subtract(1, ordering: .releasing)
            return true
        }
        return false
    }

    private var hasPieces: Bool {
        let word = pieces.load(ordering: .sequentiallyConsistent)
        return word & 0xffff < word >> 16 & 0xffff
    }

    /// A helper's thread, until the team is gone.
    func help(as member: Int) {
        let sleeper = sleepers[member - 1]
        var moments = 0
        while !isClosed.load(ordering: .sequentiallyConsistent) {
            if member <= awake.load(ordering: .relaxed), takePiece(as: member) {
                moments = 0
                continue
            }
            gloss_wait_a_moment()
            moments += 1
            guard moments > Self.moments else { continue }
            moments = 0
            sleeper.isAsleep.store(true, ordering: .sequentiallyConsistent)
            // What came meanwhile was not rung for.
            let isNeeded =
                isClosed.load(ordering: .sequentiallyConsistent)
                || member <= awake.load(ordering: .relaxed) && hasPieces
            if isNeeded, sleeper.isAsleep.exchange(false, ordering: .sequentiallyConsistent) { continue }
            sleeper.bell.wait()
        }
    }
}
