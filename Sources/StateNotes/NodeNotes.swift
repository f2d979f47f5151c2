package import Store
import Synchronization

// A list is read and written back: two nodes at once would lose one of them. One process owns a store.
private let listing = Mutex(())

/// Notes of one kind by many nodes, each under a key of its own, and the list of these nodes under another.
///
/// Nodes may write at any time and on any thread.
package struct NodeNotes<Note: Codable & Sendable>: Sendable {
    private let nodes: StateNote<Set<String>>
    private let prefix: String

    /// Makes notes whose nodes are listed under the key `list`, and whose keys are `prefix` and the node's id.
    init(list: String, prefix: String) {
        nodes = StateNote(names: list)
        self.prefix = prefix
    }

    /// The notes of all nodes, in the order of their ids; blocks.
    ///
    /// - Throws: `StoreError`, or `DecodingError` if a note has another form.
    package func all(in reader: any NoteReader) throws -> [Note] {
        try (nodes.read(in: reader) ?? []).sorted().compactMap { try note(of: $0).read(in: reader) }
    }

    /// The note of a node; `nil` if it has none; blocks.
    ///
    /// - Throws: `StoreError`, or `DecodingError` if the note has another form.
    package func read(of node: String, in reader: any NoteReader) throws -> Note? {
        try note(of: node).read(in: reader)
    }

    /// Writes a node's note in place of the one before; blocks.
    ///
    /// - Throws: `StoreError`.
    package func write(_ value: Note, of node: String, to keeper: any NoteKeeper) throws {
        try note(of: node).write(value, to: keeper)
        try listing.withLock { _ in
            var all = try nodes.read(in: keeper) ?? []
            if all.insert(node).inserted { try nodes.write(all, to: keeper) }
        }
    }

    private func note(of node: String) -> StateNote<Note> { StateNote(json: prefix + node) }
}
