import Synchronization

/// The topology that a process runs: its text, since when, and whether its file still says the same.
package final class RunningConfiguration: Sendable {
    /// It at one moment; times are in milliseconds since 1970.
    package struct Reading: Sendable, Hashable {
        /// The path of the file; `nil` if the topology came from none.
        package var file: String?
        /// Its text as it was written.
        package var text = ""
        /// A digest of what the topology computes.
        package var digest: String
        /// When it was loaded.
        package var loaded: Int64?
        /// Whether the file says what runs; `nil` if that is not known.
        package var isInSync: Bool?
        /// When the file was last read again at somebody's request and said what could run.
        package var lastSuccess: Int64?
        /// Whether the last such request succeeded.
        package var hasSucceeded = true
    }

    private let held: Mutex<Reading>

    /// Makes one of a topology whose text is not known yet.
    init(digest: String) { held = Mutex(Reading(digest: digest)) }

    /// It now.
    package var reading: Reading { held.withLock { $0 } }

    /// A topology runs from now on.
    package func loaded(_ text: String, of file: String, digest: String, at time: Int64) {
        held.withLock { held in
            held.file = file
            held.text = text
            held.digest = digest
            held.loaded = time
            held.lastSuccess = held.lastSuccess ?? time
            held.isInSync = true
        }
    }

    /// The file was read again because somebody asked.
    package func reread(succeeded: Bool, at time: Int64) {
        held.withLock { held in
            held.hasSucceeded = succeeded
            if succeeded { held.lastSuccess = time }
            held.isInSync = succeeded
        }
    }

    /// Somebody has looked whether the file says what runs.
    package func found(inSync isInSync: Bool) { held.withLock { $0.isInSync = isInSync } }
}
