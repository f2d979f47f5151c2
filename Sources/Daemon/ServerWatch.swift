import Dataflow
import Foundation
import Inference
import Observability
import Running
import StateNotes
import Store
import Synchronization

/// Tells of servers of models that are away, wherever somebody looks: the log, the metrics, the state directory and
/// those who follow events.
final class ServerWatch: Sendable {
    private let progress: RunProgress
    private let outages: Outages
    private let now: @Sendable () -> Int64
    private let onChange: @Sendable () -> Void
    /// Where the note is kept, once it is open; held while it is written, so that the latest is what stays.
    private let notes = Mutex<(any NoteKeeper)?>(nil)

    init(
        progress: RunProgress, clock: any Clock<Duration>, now: @escaping @Sendable () -> Int64,
        notice: @escaping @Sendable (_ part: String, _ text: String) -> Void, onChange: @escaping @Sendable () -> Void
    ) {
        self.progress = progress
        self.now = now
        self.onChange = onChange
        outages = Outages(clock: clock, notice: notice, onChange: { _, _ in })
    }

    /// Begins to keep the note, and forgets what an earlier process left there; blocks.
    func keep(in notes: any NoteKeeper) throws {
        self.notes.withLock { $0 = notes }
        try write()
    }

    /// Takes all servers to answer again, until it is known that they do not: those who ask them are built anew; blocks.
    func reset() throws {
        progress.answers(Array(progress.reading.servers.keys))
        try write()
    }

    /// Stops keeping the note: nobody waits for a server after the run; blocks.
    func forget() throws {
        try reset()
        notes.withLock { $0 = nil }
    }

    /// Takes a change of a server in; the models are those that are behind it.
    func changed(_ models: [String], _ change: EndpointGate.Change, disk: ComputePool<Void>) {
        let names = models.joined(separator: ", ")
        switch change {
        case .away(let duration, let reason):
            let since = now() - duration.components.seconds * 1000
            let isNew = progress.awaits(models, since: Date(timeIntervalSince1970: Double(since) / 1000))
            outages.failed(names, "the server is away, and jobs wait for it: \(reason)")
            guard isNew else { return }
        case .back:
            progress.answers(models)
            outages.answered(names, "the server answers again")
        }
        onChange()
        // A note that cannot be written is only for those who look on; a disk that is full ends the run elsewhere.
        Task { try? await disk.run { _ in try self.write() } }
    }

    /// By model: since when its server has been away, in milliseconds since 1970.
    var away: [String: Int64] {
        progress.reading.servers.compactMapValues { server in
            server.awaySince.map { Int64(($0.timeIntervalSince1970 * 1000).rounded()) }
        }
    }

    private func write() throws {
        try notes.withLock { notes in
            guard let notes else { return }
            try AwayServers.note.write(away, to: notes)
        }
    }
}
