import Foundation
import GRDB

/// The notes of which dead letters are sent again, kept in the state beside the daemon that owns it.
///
/// One process at a time has it, by a lock that ends with the process. Every call blocks; a writing call is one transaction.
public final class ReplayLedger: Sendable {
    private let directory: String
    private let lock: DirectoryLock
    private let now: @Sendable () -> Int64

    /// Takes the ledger of a state directory.
    ///
    /// Throws as a reader of the directory does, and `replayUnderWay` if another process has it.
    /// - Parameter now: The time in milliseconds since 1970.
    public init(directory: String, now: @escaping @Sendable () -> Int64 = { Timestamp.now }) throws(StoreError) {
        // Refuses what is no state of ours before a file is made in it.
        _ = try StoreReader(directory: directory)
        self.directory = directory
        self.now = now
        do throws(StoreError) {
            lock = try DirectoryLock(directory: directory, name: StateDirectory.replayLockName)
        } catch .locked(_, let process) {
            throw .replayUnderWay(path: directory, pid: process)
        }
    }

    /// Notes that dead letters are about to be sent; one that is noted already stays as it was.
    ///
    /// Throws `otherSchema` for a state that no daemon of this version has opened.
    public func begin(_ replays: [BegunReplay]) throws(StoreError) {
        let time = now()
        try StateWriting.write(into: ReplayTable.name, of: directory) { database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO dead_letter_replay (letter, start, target, count, made) VALUES (?, ?, NULL, ?, ?)
                    ON CONFLICT (letter) DO NOTHING
                    """)
            for replay in replays {
                try statement.execute(arguments: [replay.letter, replay.start, replay.count, time])
            }
        }
    }

    /// Notes what came of replays that were begun.
    ///
    /// - Parameters:
    ///   - sent: By letter the offset that it got; below 0 if that is not known.
    ///   - unsent: Letters that were not sent, which count as if nothing had been begun.
    public func settle(sent: [Int64: Int64], unsent: [Int64]) throws(StoreError) {
        let time = now()
        try StateWriting.write(into: ReplayTable.name, of: directory) { database in
            let statement = try database.cachedStatement(
                sql: "UPDATE dead_letter_replay SET target = ?, made = ? WHERE letter = ?")
            for (letter, offset) in sent.sorted(by: { $0.key < $1.key }) {
                try statement.execute(arguments: [max(offset, ReplayTable.unknownOffset), time, letter])
            }
            for letter in unsent {
                try database.execute(
                    sql: "DELETE FROM dead_letter_replay WHERE letter = ? AND target IS NULL", arguments: [letter])
            }
        }
    }
}
