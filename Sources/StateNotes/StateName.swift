import Hashing
package import Store

/// A name of a state that another state directory does not have, for the ids of events.
package enum StateName {
    private static let note = StateNote<String>(text: "state.name")

    /// The name; `nil` of a state that no daemon has served; blocks.
    ///
    /// - Throws: `StoreError`.
    package static func name(readBy reader: any NoteReader) throws -> String? { try note.read(in: reader) }

    /// The name of a state or, of joined shares, one that no others have, made of theirs; `nil` of a state of one process that no
    /// daemon has served; blocks.
    ///
    /// - Throws: `StoreError`.
    package static func name(of reader: StoreReader) throws -> String? {
        guard !reader.shares.isEmpty else { return try name(readBy: reader) }
        var hasher = SipHasher(key: SipKey(seed: 0), wide: true)
        for share in reader.shares { hasher.update(text: try name(readBy: share) ?? "") }
        return hasher.finalize128().description
    }

    /// The name, which is drawn at the first call; blocks.
    ///
    /// - Throws: `StoreError`.
    package static func name(in keeper: any NoteKeeper) throws -> String {
        let name = try note.read(in: keeper) ?? String(UInt64.random(in: 0 ... .max), radix: 36)
        try note.write(name, to: keeper)
        return name
    }
}
