import Foundation
import GRDB
import Synchronization

/// A copy of a state directory, made beside the daemon that owns it or after that has stopped.
///
/// It is what one reader sees at one moment; checkpoints go on meanwhile, and the log grows by what they write. The copy is made
/// in a folder beside its destination, compared there with what it was made of, and only then gets its name: it is there whole
/// or not at all.
public final class StateCopy: Sendable {
    private struct Running {
        var isCancelled = false
        /// What a long call reads just now.
        var reader: (any DatabaseReader)?
    }

    private let state: String
    private let destination: String
    private let replaces: Bool
    private let running = Mutex(Running())
    /// The pages between two looks at whether the copy is still wanted.
    private let pagesTogether: CInt

    /// Names a copy; nothing is looked at yet.
    ///
    /// - Parameters:
    ///   - state: The state directory.
    ///   - destination: The new directory, whose parent is there; it may be there and empty.
    ///   - replaces: Whether the copy may take the place of another state, on which no daemon runs.
    public convenience init(of state: String, to destination: String, replacing replaces: Bool = false) {
        self.init(of: state, to: destination, replacing: replaces, pagesTogether: 1024)
    }

    init(of state: String, to destination: String, replacing replaces: Bool, pagesTogether: CInt) {
        self.state = state
        self.destination = destination
        self.replaces = replaces
        self.pagesTogether = pagesTogether
    }

    /// Makes the copy; blocks until it is on disk.
    ///
    /// Throws `copyRefused` for a destination that cannot be taken, `damaged` or `damagedSegment` if the state itself is not sound,
    /// `copyDiffers` if the copy is not what it was made of, `copyStopped` after `cancel`; nothing is left of the copy then.
    /// - Returns: The figures of the copy and the bytes of its file.
    public func run(
        progress: @escaping (StateCopyProgress) -> Void = { _ in }
    ) throws(StoreError) -> (outline: StateOutline, bytes: Int) {
        let source = try StoreReader(directory: state)
        let place = try StateCopyPlace(state: state, destination: destination, replaces: replaces)
        do throws(StoreError) {
            try goOn()
            let (outline, bytes) = try copy(source, to: place, progress)
            try check(place, against: outline, progress)
            try goOn()
            try place.finish()
            return (outline, bytes)
        } catch {
            place.abandon()
            throw running.withLock({ $0.isCancelled }) ? .copyStopped(path: destination) : error
        }
    }

    /// Ends a copy that is under way, or the next one, as soon as that can be; may be called on any thread.
    public func cancel() {
        let reader = running.withLock { running in
            running.isCancelled = true
            return running.reader
        }
        reader?.interrupt()
    }

    private func goOn() throws(StoreError) {
        if running.withLock({ $0.isCancelled }) { throw .copyStopped(path: destination) }
    }

    private func copy(
        _ source: StoreReader, to place: StateCopyPlace, _ progress: @escaping (StateCopyProgress) -> Void
    ) throws(StoreError) -> (outline: StateOutline, bytes: Int) {
        let path = StateDirectory.database(in: place.staging)
        guard let original = source.connection.reader else { throw StateShares.absence(in: state) }
        try StateDirectory.createDatabase(in: place.staging)
        do {
            let target = try DatabaseQueue(path: path, configuration: StoreConnection.configuration())
            let made = try target.writeWithoutTransaction { target in
                // Nothing is there to be put back, so that a journal on disk would be for nothing.
                try target.execute(sql: "PRAGMA journal_mode = MEMORY")
                // The figures are read in the transaction of the copy, so that both are of the same moment.
                return try original.read { source in
                    let outline = try StateOutline(source)
                    let size = try Int.fetchOne(source, sql: "PRAGMA page_size") ?? 4096
                    var bytes = 0
                    try source.backup(to: target, pagesPerStep: pagesTogether) { step in
                        bytes = step.totalPageCount * size
                        progress(
                            StateCopyProgress(step: .copying, bytes: step.completedPageCount * size, total: bytes))
                        if !step.isCompleted { try self.goOn() }
                    }
                    return (outline, bytes)
                }
            }
            try target.close()
            return made
        } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
            // Only what is read can be damaged.
            throw StoreError(error, path: source.connection.path)
        } catch {
            throw StoreError(SystemFault.noting(error, whileOpening: path), path: path)
        }
    }

    /// Reads the copy whole and compares its figures.
    private func check(
        _ place: StateCopyPlace, against outline: StateOutline, _ progress: (StateCopyProgress) -> Void
    ) throws(StoreError) {
        let original = StateDirectory.database(in: state)
        let copy = try StoreReader(directory: place.staging)
        let bytes = copy.fileBytes
        progress(StateCopyProgress(step: .checking, bytes: bytes, total: bytes))
        running.withLock { $0.reader = copy.connection.reader }
        defer {
            running.withLock { $0.reader = nil }
            try? copy.connection.reader?.close()
        }
        // What was cancelled before the reader was known is not interrupted.
        try goOn()
        let (faults, found) = try copy.connection.read { database in
            (try String.fetchAll(database, sql: "PRAGMA integrity_check(5)"), try StateOutline(database))
        }
        guard faults == ["ok"] else { throw .damaged(path: original, reason: faults.joined(separator: "; ")) }
        guard found == outline else {
            throw .copyDiffers(path: destination, reason: "its figures are others than those of \(state)")
        }
        if let damage = try copy.checkSegments().damaged.first {
            throw .damagedSegment(path: original, node: damage.node, epoch: damage.epoch, reason: damage.reason)
        }
    }
}
