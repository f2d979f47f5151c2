import StateFixtures
import Store
import Synchronization

/// Notes in memory, with the keys that were written, in order.
final class LoggedNotes: NoteKeeper {
    private let state = Mutex<(notes: [String: String], keys: [String])>(([:], []))
    private let refused: String?

    init(refusing key: String? = nil) { refused = key }

    var keys: [String] { state.withLock { $0.keys } }

    func meta(_ key: String) throws -> String? { state.withLock { $0.notes[key] } }

    func setMeta(_ key: String, _ value: String?) throws {
        guard key != refused else { throw Mishap() }
        state.withLock { state in
            state.notes[key] = value
            state.keys.append(key)
        }
    }
}
