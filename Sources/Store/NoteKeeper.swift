/// A source of notes: short texts, each under a key.
///
/// Every call blocks.
package protocol NoteReader: Sendable {
    /// The note under a key; `nil` if there is none.
    func meta(_ key: String) throws -> String?
}

/// A source of notes that can also be written.
///
/// Every call blocks.
package protocol NoteKeeper: NoteReader {
    /// Keeps a note under a key; `nil` removes it.
    func setMeta(_ key: String, _ value: String?) throws
}

extension Store: NoteKeeper {}
extension StoreReader: NoteReader {}
