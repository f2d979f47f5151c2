import Store

/// What came of letters that were sent.
struct ReplaySending: Sendable {
    /// By letter that was written its offset.
    var offsets: [Int64: Int64] = [:]
    /// The letters that were refused by themselves, and not written.
    var refused: [Int64] = []
    /// The first other error, if any: what is in neither may have been written all the same.
    var failure: (any Error)?
}

/// What a replay works on: the state, and the topics.
protocol ReplayWorld: Sendable {
    /// The replays that were begun and of which it is not known whether anything was sent.
    func begun() async throws -> [BegunReplay]
    /// Of such replays those whose records are in the topics, by letter with the offset.
    func look(for begun: [BegunReplay]) async throws -> [Int64: Int64]
    /// What is sent of the letters after a number.
    func choose(after letter: Int64) async throws -> ReplayPage
    /// Notes that these are about to be sent.
    func begin(_ planned: [PlannedReplay]) async throws
    /// Sends these; a refused one does not keep the others back.
    func send(_ planned: [PlannedReplay]) async -> ReplaySending
    /// Notes what was sent and what was not.
    func note(sent: [Int64: Int64], unsent: [Int64]) async throws
}

/// Carries out a replay.
struct ReplayRun<World: ReplayWorld>: Sendable {
    let world: World

    /// Sends all that is to be sent.
    ///
    /// - Parameter progress: Told how many were sent so far.
    /// - Returns: How many were sent, and how many an earlier process had sent without having noted it.
    /// - Throws: What the world throws; what was sent until then is noted.
    func run(progress: (Int) -> Void = { _ in }) async throws -> (sent: Int, found: Int) {
        var replay = Replay()
        var failure: (any Error)?
        var action = replay.first
        while true {
            switch action {
            case .readBegun: action = replay.readBegun(try await world.begun())
            case .look(let begun): action = replay.looked(try await world.look(for: begun))
            case .choose(let letter): action = replay.chosen(try await world.choose(after: letter))
            case .begin(let planned):
                try await world.begin(planned)
                action = replay.noted()
            case .send(let planned):
                let sent = await world.send(planned)
                failure = sent.failure
                action = replay.sent(sent.offsets, refused: sent.refused, hasFailed: sent.failure != nil)
            case .note(let sent, let unsent):
                try await world.note(sent: sent, unsent: unsent)
                progress(replay.sent)
                action = replay.noted()
            case .finish: return (replay.sent, replay.found)
            case .fail: throw failure ?? ReplayFault.outOfOrder
            }
        }
    }
}

/// A replay that cannot go on.
enum ReplayFault: Error, CustomStringConvertible {
    /// An answer came that was not asked for.
    case outOfOrder
    /// Letters are under way to a topic that the topology does not read.
    case unknown(node: String, topic: String, count: Int)

    var description: String {
        switch self {
        case .outOfOrder: "the replay was answered out of order"
        case .unknown(let node, let topic, let count):
            "\(count) dead letters of \(node) were begun to be sent to \(topic), which the topology does not read, so that it cannot "
                + "be seen whether they are there; give the topology that reads it by --topology"
        }
    }
}

extension ReplayFault: StatesFailureKind {
    var failureKind: FailureKind {
        switch self {
        case .outOfOrder: .fault
        case .unknown: .configuration
        }
    }
}
