import Foundation
import GRDB
public import Hashing

/// The reason why the state could not be opened, read or written.
public enum StoreError: Error, Sendable, Hashable {
    /// The state directory's path leads to something else.
    case notADirectory(path: String)
    /// The state directory, or a file in it, may not be written.
    case notWritable(path: String, reason: String)
    /// The state directory could not be used for another reason.
    case unusable(path: String, reason: String)
    /// Another daemon has the state directory; `pid` is `nil` if it left none.
    case locked(path: String, pid: Int32?)
    /// No state is there to be read.
    case missing(path: String)
    /// There is no state of one process, but those of several, which cannot be read together for this; `share` names one.
    case severalShares(path: String, share: String)
    /// The states of several processes cannot be read together.
    case unjoinable(path: String, reason: String)
    /// The state is that of a topology with another name.
    case otherTopology(path: String, stored: String, given: String)
    /// A node that keeps state was set differently when the state was made; `changes` is empty if it is not known in what.
    case nodeChanged(path: String, node: String, changes: [StateConflict.Change])
    /// A node that keeps state here is no longer in the topology.
    case nodeRemoved(path: String, node: String)
    /// The database was written by another version of Gloss.
    case otherSchema(path: String, isNewer: Bool)
    /// The file is a database of another program, or no database at all.
    case notGlossDatabase(path: String)
    /// The file is damaged.
    case damaged(path: String, reason: String)
    /// The stored evidence of a node is not what was written.
    case damagedSegment(path: String, node: String, epoch: UInt64, reason: String)
    /// The disk, or the space allowed, is full; nothing of the call was written.
    case diskFull(path: String)
    /// The disk refused a read or a write for another reason; nothing of the call was written.
    case diskRefused(path: String, reason: String)
    /// The process, or the machine, has no descriptor left for another file.
    case tooManyFiles(path: String)
    /// Another process held the database for longer than the busy timeout.
    case busy(path: String)
    /// The state was closed before the call.
    case closed(path: String)
    /// A checkpoint's epoch is not above the last one's.
    case staleEpoch(given: UInt64, stored: UInt64)
    /// Segments can be folded up to the last checkpoint only.
    case epochNotCommitted(given: UInt64, stored: UInt64?)
    /// No job has this id.
    case unknownJob(JobIdentifier)
    /// A copy cannot be made at this place.
    case copyRefused(path: String, reason: String)
    /// A copy was not what it was made of, and was removed.
    case copyDiffers(path: String, reason: String)
    /// A copy was stopped before it was whole, and was removed.
    case copyStopped(path: String)
    /// Another process sends dead letters of this state again; `pid` is `nil` if it left none.
    case replayUnderWay(path: String, pid: Int32?)
    /// A value cannot be stored.
    case unstorable(reason: String)
    /// Any other refusal of the database.
    case database(path: String, reason: String)

    /// A job's id, as errors carry it.
    public typealias JobIdentifier = Hash128
}

extension StoreError: CustomStringConvertible {
    /// The fault and its remedy.
    public var description: String {
        switch self {
        case .notADirectory(let path):
            "state directory \(path): not a directory; set state.directory to a directory, or to a path to create one at"
        case .notWritable(let path, let reason):
            "state directory \(path): cannot be written (\(reason)); check its owner and permissions"
        case .unusable(let path, let reason):
            "state directory \(path): \(reason)"
        case .locked(let path, let pid):
            "state directory \(path): in use by another gloss daemon"
                + (pid.map { " (pid \($0))" } ?? "") + "; stop it, or set another state.directory"
        case .missing(let path):
            "\(path): no gloss state there; run the topology first, or check state.directory"
        case .severalShares(let path, let share):
            "\(path): holds the states of several processes, which cannot be read together for this; give one of them, such as "
                + "\(path)/\(share), for its own latents"
        case .unjoinable(let path, let reason):
            "\(path): the states of several processes there cannot be read together: \(reason). Each can be given by itself, "
                + "for its own latents"
        case .otherTopology(let path, let stored, let given):
            "state directory \(path): holds the state of topology '\(stored)', not of '\(given)'; set another state.directory"
        case .nodeChanged(let path, let node, let changes):
            "state directory \(path): node '\(node)' was set differently when its state was made"
                + (changes.isEmpty ? "" : " (\(changes.map(\.description).joined(separator: "; ")))")
                + "; restore its settings, or set another state.directory"
        case .nodeRemoved(let path, let node):
            "state directory \(path): holds state of node '\(node)', which the topology no longer has; "
                + "put it back, or set another state.directory"
        case .otherSchema(let path, let isNewer):
            isNewer
                ? "\(path): written by a newer gloss; use that version, or set another state.directory"
                : "\(path): written by an older gloss; run the daemon once to bring it up to date"
        case .notGlossDatabase(let path):
            "\(path): not a gloss database; set another state.directory"
        case .damaged(let path, let reason):
            "\(path): damaged (\(reason)); restore it from a backup, or set another state.directory"
        case .damagedSegment(let path, let node, let epoch, let reason):
            "\(path): the evidence of node '\(node)' stored with checkpoint \(epoch) is damaged (\(reason)); restore the state "
                + "directory from a backup, or set another state.directory"
        case .diskFull(let path):
            "\(path): disk full; nothing of this write was stored; free space and restart"
        case .diskRefused(let path, let reason):
            "\(path): the disk refused a read or a write (\(reason)); nothing of this write was stored; look for a limit on "
                + "the size of files (ulimit -f), a quota or a fault of the disk, and restart"
        case .tooManyFiles(let path):
            "\(path): cannot be opened, since this process or the machine has as many files open as it may; raise the limit "
                + "(ulimit -n, LimitNOFILE= of systemd; 1024 is enough) and start again"
        case .busy(let path):
            "\(path): held by another process for longer than 5 s"
        case .closed(let path):
            "\(path): has been closed; the call came after the end of its run"
        case .staleEpoch(let given, let stored):
            "checkpoint \(given): not above the last one, \(stored)"
        case .epochNotCommitted(let given, let stored):
            "segments up to checkpoint \(given) cannot be folded: the last checkpoint is "
                + (stored.map(String.init) ?? "none yet")
        case .unknownJob(let job):
            "job \(job): not in the job table"
        case .copyRefused(let path, let reason):
            "\(path): nothing was copied: \(reason)"
        case .copyDiffers(let path, let reason):
            "\(path): the copy was removed, since \(reason); look at the disk, and copy again"
        case .copyStopped(let path):
            "\(path): the copy was stopped, and nothing of it was left"
        case .replayUnderWay(let path, let pid):
            "\(path): another process\(pid.map { " (pid \($0))" } ?? "") sends its dead letters again; wait for it"
        case .unstorable(let reason):
            "cannot be stored: \(reason)"
        case .database(let path, let reason):
            "\(path): \(reason)"
        }
    }
}

extension StoreError {
    /// Translates an error of the database layer about the file at `path`.
    init(_ error: any Error, path: String) {
        if let known = error as? StoreError {
            self = known
            return
        }
        let fault = error as? SystemFault
        guard let error = fault?.error ?? error as? DatabaseError else {
            self = .database(path: path, reason: "\(error)")
            return
        }
        let code = fault?.code ?? 0
        let reason =
            [error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"]
            + (code == 0 ? [] : [String(cString: strerror(code))])
        self.init(error.resultCode, code, reason: reason.joined(separator: ": "), path: path)
    }

    private init(_ result: ResultCode, _ code: Int32, reason: String, path: String) {
        // What the system says is the cause, where it says anything.
        switch code {
        case EMFILE, ENFILE:
            self = .tooManyFiles(path: path)
            return
        case ENOSPC, EDQUOT:
            self = .diskFull(path: path)
            return
        default: break
        }
        switch result {
        case .SQLITE_FULL: self = .diskFull(path: path)
        case .SQLITE_IOERR: self = .diskRefused(path: path, reason: reason)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
        case .SQLITE_NOTADB: self = .notGlossDatabase(path: path)
        case .SQLITE_CORRUPT: self = .damaged(path: path, reason: reason)
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM: self = .notWritable(path: path, reason: reason)
        default: self = .database(path: path, reason: reason)
        }
    }

    /// Translates a failed call of the operating system on the directory at `path`.
    init(systemError code: Int32, path: String) {
        let reason = String(cString: strerror(code))
        switch code {
        case ENOTDIR, EEXIST: self = .notADirectory(path: path)
        case EACCES, EPERM, EROFS: self = .notWritable(path: path, reason: reason)
        case ENOSPC, EDQUOT: self = .diskFull(path: path)
        case EMFILE, ENFILE: self = .tooManyFiles(path: path)
        default: self = .unusable(path: path, reason: reason)
        }
    }
}
