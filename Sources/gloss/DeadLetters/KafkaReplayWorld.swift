import Corpus
import Dataflow
import Elements
import Kafka
import Nodes
import Store

/// A state directory and the brokers of its topology's sources.
struct KafkaReplayWorld: ReplayWorld {
    /// Which letters are asked for.
    struct Selection: Sendable {
        var node: String?
        var code: String?
        /// Whether what was sent again before is sent once more.
        var allowsAgain = false
    }

    let reader: StoreReader
    /// `nil` if nothing is to be sent.
    let ledger: ReplayLedger?
    let sources: ReplaySources
    let producers: ReplayProducers
    /// Where calls that block are run.
    let pool: ComputePool<Void>
    let selection: Selection
    /// Told of each letter that is not sent.
    let onLeft: @Sendable (_ letter: Int64, _ position: RecordPosition, ReplayObstacle) -> Void

    /// The letters that are looked at together.
    private static let page = 64
    /// The bytes of values above which a page ends early.
    private static let pageBytes = 16 << 20

    func begun() async throws -> [BegunReplay] {
        let (reader, node) = (reader, selection.node)
        // Of other sources nobody has asked the brokers.
        return try await pool.run { _ in
            try reader.begunReplays().filter { $0.position.source == node ?? $0.position.source }
        }
    }

    func begin(_ planned: [PlannedReplay]) async throws {
        guard let ledger else { return }
        try await pool.run { _ in try ledger.begin(planned.map(\.note)) }
    }

    func note(sent: [Int64: Int64], unsent: [Int64]) async throws {
        guard let ledger else { return }
        try await pool.run { _ in try ledger.settle(sent: sent, unsent: unsent) }
    }

    func look(for begun: [BegunReplay]) async throws -> [Int64: Int64] {
        var found: [Int64: Int64] = [:]
        for (node, replays) in Dictionary(grouping: begun, by: \.position.source) {
            var starts: [TopicPartition: Int64] = [:]
            var letters: [String: Int64] = [:]
            var settings: KafkaSettings?
            for replay in replays {
                switch sources.source(of: replay.position) {
                case .success(let source):
                    let partition = replay.position.replayPlace.partition
                    starts[partition] = min(starts[partition] ?? .max, replay.start)
                    letters[ReplayRule.place(of: replay.position)] = replay.letter
                    settings = source.settings
                // What was sent there is gone with the partition.
                case .failure(.hasNoPartition): continue
                case .failure: throw ReplayFault.unknown(node: node, topic: replay.position.topic, count: replays.count)
                }
            }
            guard let settings else { continue }
            let wanted = Set(letters.keys)
            let records = try await KafkaConsumer.records(from: starts, settings: settings) { record in
                ReplayRule.origin(of: record).map { wanted.contains($0) } ?? false
            }
            for record in records {
                guard let letter = ReplayRule.origin(of: record).flatMap({ letters[$0] }) else { continue }
                found[letter] = found[letter] ?? record.offset
            }
        }
        return found
    }

    func choose(after letter: Int64) async throws -> ReplayPage {
        let (reader, selection) = (reader, selection)
        let (letters, states) = try await pool.run { _ in
            let letters = try reader.deadLetters(
                after: letter, limit: Self.page, node: selection.node, code: selection.code)
            return (letters, try reader.replayStates(of: letters))
        }
        var planned: [PlannedReplay] = []
        var last: Int64?
        var bytes = 0
        let open = letters.filter { (states[$0.sequence]?.progress ?? .notBegun) == .notBegun }
        let marks = try await self.marks(of: open)
        for round in Self.rounds(of: open) {
            let records = try await self.records(of: round, within: marks)
            for letter in round {
                guard let plan = self.plan(letter, states[letter.sequence], records, marks) else { continue }
                planned.append(plan)
                bytes += plan.message.value?.count ?? 0
            }
            last = round.last?.sequence
            if bytes >= Self.pageBytes { return ReplayPage(planned: planned, last: last) }
        }
        // Letters that were sent already are passed over too.
        return ReplayPage(planned: planned, last: letters.last?.sequence)
    }

    func send(_ planned: [PlannedReplay]) async -> ReplaySending {
        var sending = ReplaySending()
        for (node, replays) in Dictionary(grouping: planned, by: \.note.position.source).sorted(by: { $0.key < $1.key })
        {
            guard let first = replays.first, case .success(let source) = sources.source(of: first.note.position) else {
                sending.failure = ReplayFault.unknown(node: node, topic: "its topics", count: replays.count)
                return sending
            }
            do {
                let outcomes = try await producers.producer(for: source.settings).outcomes(of: replays.map(\.message))
                for (index, offset) in outcomes.offsets { sending.offsets[replays[index].note.letter] = offset }
                for (index, error) in outcomes.refused.sorted(by: { $0.key < $1.key }) {
                    let note = replays[index].note
                    sending.refused.append(note.letter)
                    onLeft(note.letter, note.position, .wasNotTaken(reason: error.description))
                }
                sending.failure = outcomes.failure
            } catch {
                sending.failure = error
            }
            if sending.failure != nil { return sending }
        }
        return sending
    }

    private func plan(
        _ stored: StoredDeadLetter, _ state: ReplayState?, _ records: [ReplayPlace: KafkaRecord],
        _ marks: [ReplayPlace: Watermarks]
    ) -> PlannedReplay? {
        let position = stored.letter.position
        switch sources.source(of: position) {
        case .failure(let obstacle): onLeft(stored.sequence, position, obstacle)
        case .success(let source):
            let rule = ReplayRule(
                allowsAgain: selection.allowsAgain, largest: source.largest,
                refusal: { source.examination.refusal(of: $0) })
            let decision = rule.decision(
                on: stored.letter, earlier: state?.earlier ?? 0, record: records[position.replayPlace])
            switch decision {
            case .leave(let obstacle): onLeft(stored.sequence, position, obstacle)
            case .send(let message, let count):
                let start = marks[position.replayPlace]?.high ?? 0
                let note = BegunReplay(letter: stored.sequence, position: position, start: start, count: count)
                return PlannedReplay(note: note, message: message)
            }
        }
        return nil
    }
}
