import Foundation

/// The place of a copy: where it is made, and how it gets its name.
final class StateCopyPlace {
    /// The folder in which the copy is made, beside its destination.
    let staging: String
    private let destination: String
    /// Where a state that is replaced is between two renamings, if names cannot be exchanged.
    private let replaced: String
    private let isReplacing: Bool
    /// Whether the folder of the copy has become that of the state that was replaced.
    private var isExchanged = false
    /// Held until the copy has its name, so that neither a second copy nor a daemon takes the folder.
    private let stagingLock: DirectoryLock
    private let replacedLock: DirectoryLock?

    /// The files of a state directory.
    private static let files =
        ["", "-wal", "-shm", "-journal"].map { StateDirectory.databaseName + $0 }
        + [StateDirectory.lockName, StateDirectory.replayLockName]

    /// Checks the destination and makes an empty folder beside it; throws `copyRefused` and changes nothing if it cannot be taken.
    init(state: String, destination: String, replaces: Bool) throws(StoreError) {
        let state = try Self.resolved(state)
        let place = try Self.resolved(destination)
        func refused(_ reason: String) -> StoreError { .copyRefused(path: destination, reason: reason) }
        if place == state { throw refused("that is the state itself; give another folder") }
        if place.hasPrefix(state + "/") {
            throw refused("a state directory holds nothing but the state; give a folder outside \(state)")
        }
        let replaced = place + ".replaced"
        let staging = place + ".copying"
        for path in [replaced, staging] where Self.real(path) == state {
            throw refused("\(path), which is needed for the copy, is the state itself; give another folder")
        }
        guard access(replaced, F_OK) != 0 else {
            throw refused(
                "\(replaced) is there, the state that an interrupted copy was to replace; move it to \(place), or remove it"
            )
        }
        let isReplacing: Bool
        switch try Self.occupant(of: place) {
        case .nothing: isReplacing = false
        case .state where replaces: isReplacing = true
        case .state:
            throw refused("a state is there already; give a folder that is not there, or --force to replace it")
        case .other(let what): throw refused("\(what) is there; give a folder that is not there, or is empty")
        }
        replacedLock = isReplacing ? try DirectoryLock(directory: place) : nil
        stagingLock = try Self.begin(staging, for: destination)
        (self.staging, self.destination) = (staging, place)
        (self.replaced, self.isReplacing) = (replaced, isReplacing)
    }

    /// Has the copy on disk and gives it its name.
    func finish() throws(StoreError) {
        for path in [StateDirectory.database(in: staging), staging] { try Self.flush(path) }
        if isReplacing {
            let code = NameExchange.exchange(staging, destination)
            if code == 0 {
                isExchanged = true
                try Self.flush(Self.parent(of: destination))
                Self.remove(staging)
                return
            }
            guard NameExchange.isMissing(code) else { throw fault(code) }
            guard rename(destination, replaced) == 0 else { throw fault(errno) }
        }
        guard rename(staging, destination) == 0 else {
            let code = errno
            if isReplacing { rename(replaced, destination) }
            throw fault(code)
        }
        try Self.flush(Self.parent(of: destination))
        if isReplacing { Self.remove(replaced) }
    }

    /// Removes what there is of a copy that has not got its name.
    func abandon() {
        if !isExchanged { Self.remove(staging) }
    }

    private func fault(_ code: Int32) -> StoreError {
        let isMounted = [EBUSY, EXDEV].contains(code)
        let advice = isMounted ? "; a folder at which a disk is mounted cannot be taken: give one within it" : ""
        return .copyRefused(path: destination, reason: String(cString: strerror(code)) + advice)
    }
}

extension StateCopyPlace {
    private enum Occupant {
        /// Nothing, or an empty folder.
        case nothing
        case state
        case other(String)
    }

    private static func occupant(of path: String) throws(StoreError) -> Occupant {
        var status = stat()
        guard stat(path, &status) == 0 else { return .nothing }
        guard status.st_mode & S_IFMT == S_IFDIR else { return .other("a file") }
        let names = try names(in: path)
        if let foreign = names.first(where: { !files.contains($0) }) { return .other("\(path)/\(foreign)") }
        return names.isEmpty ? .nothing : .state
    }

    /// Makes an empty folder, or takes over the one that a killed copy left.
    private static func begin(_ staging: String, for destination: String) throws(StoreError) -> DirectoryLock {
        if mkdir(staging, 0o700) != 0 {
            let code = errno
            guard code == EEXIST else {
                throw .copyRefused(path: destination, reason: "\(staging): \(String(cString: strerror(code)))")
            }
            try checkOwn(staging, for: destination)
        }
        if let foreign = try names(in: staging).first(where: { !files.contains($0) }) {
            throw .copyRefused(path: destination, reason: "\(staging)/\(foreign) is in the way; remove \(staging)")
        }
        let lock: DirectoryLock
        do throws(StoreError) {
            lock = try DirectoryLock(directory: staging)
        } catch .locked(_, let process) {
            let who = process.map { " (process \($0))" } ?? ""
            throw .copyRefused(path: destination, reason: "another copy is being made there\(who)")
        }
        for file in files where file != StateDirectory.lockName { unlink("\(staging)/\(file)") }
        return lock
    }

    /// Refuses what no copy of this user has left: files in it are removed, and a link may lead anywhere.
    private static func checkOwn(_ staging: String, for destination: String) throws(StoreError) {
        func refused(_ reason: String) -> StoreError { .copyRefused(path: destination, reason: "\(staging) \(reason)") }
        var status = stat()
        guard lstat(staging, &status) == 0 else {
            throw refused("cannot be looked at (\(String(cString: strerror(errno))))")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw refused("is in the way, and is a link or a file; move it away, or give another folder")
        }
        guard status.st_uid == geteuid() else {
            throw refused("is in the way, and is another user's; have it removed, or give another folder")
        }
    }

    private static func names(in folder: String) throws(StoreError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw .copyRefused(path: folder, reason: "it cannot be read (\(error.localizedDescription))")
        }
    }

    private static func remove(_ folder: String) {
        for file in files { unlink("\(folder)/\(file)") }
        rmdir(folder)
    }

    /// The path without links, from the root; of one that is not there yet, its parent's and its name.
    private static func resolved(_ path: String) throws(StoreError) -> String {
        if let path = real(path) { return path }
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        let name = (path as NSString).lastPathComponent
        guard let folder = real(parent(of: path)) else {
            throw .copyRefused(path: path, reason: "there is no folder \(parent(of: path)); make it first")
        }
        return folder == "/" ? "/" + name : folder + "/" + name
    }

    private static func parent(of path: String) -> String {
        let parent = (path as NSString).deletingLastPathComponent
        return parent.isEmpty ? "." : parent
    }

    private static func real(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }

    /// Has a file, or the names in a folder, on disk.
    private static func flush(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreError(systemError: errno, path: path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StoreError(systemError: errno, path: path) }
    }
}
