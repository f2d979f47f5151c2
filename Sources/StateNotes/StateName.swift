package import Store

/// A name of a state that another state directory does not have, for the ids of events.
package enum StateName {
    private static let note = StateNote<String>(text: "state.name")

    /// The name; `nil` of a state that no daemon has served; blocks.
    ///
    /// - Throws: `StoreError`.
    package static func name(readBy reader: any NoteReader) throws -> String? { try note.read(in: reader) }

    /// The name, which is drawn at the first call; blocks.
    ///
    /// - Throws: `StoreError`.
    package static func name(in keeper: any NoteKeeper) throws -> String {
        let name = try note.read(in: keeper) ?? String(UInt64.random(in: 0 ... .max), radix: 36)
        try note.write(name, to: keeper)
        return name
    }
}
