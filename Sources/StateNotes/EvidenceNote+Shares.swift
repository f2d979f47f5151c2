package import Store

extension EvidenceNote {
    /// The notes of all reservoirs of a state, or of all shares that a reader joins; blocks.
    ///
    /// - Throws: `StoreError`, `unjoinable` if a share has no note of a reservoir that another has; `DecodingError` if a note has
    ///   another form.
    package static func all(in reader: StoreReader) throws -> [EvidenceNote] {
        guard !reader.shares.isEmpty else { return try notes.all(in: reader) }
        return try joined(
            reader.shares.map { (share: $0.name, notes: try notes.all(in: $0)) }, in: reader.directory)
    }

    /// What the reservoirs of all shares in a directory hold together, by reservoir.
    ///
    /// - Parameter parts: The names of the shares, each with the notes of its reservoirs.
    /// - Throws: `unjoinable` if a share has no note of a reservoir that another has.
    package static func joined(
        _ parts: [(share: String, notes: [EvidenceNote])], in directory: String
    ) throws(StoreError) -> [EvidenceNote] {
        var all: [EvidenceNote] = []
        for node in Set(parts.flatMap { $0.notes.map(\.node) }).sorted() {
            var own: [EvidenceNote] = []
            for part in parts {
                guard let note = part.notes.first(where: { $0.node == node }) else {
                    throw .unjoinable(
                        path: directory,
                        reason: "\(part.share) holds nothing of \(node) yet; wait for a checkpoint of its process")
                }
                own.append(note)
            }
            guard let note = EvidenceNote(joining: own) else {
                throw .unjoinable(
                    path: directory,
                    reason: "\(node) samples the latents of one coder in some and of another in others")
            }
            all.append(note)
        }
        return all
    }

    /// The reservoirs whose shares have not all been told the same part of the stream yet.
    ///
    /// - Parameter notes: Those of all shares.
    package static func uneven(among notes: [EvidenceNote]) -> Set<String> {
        Set(Dictionary(grouping: notes, by: \.node).filter { !areEven($0.value) }.keys)
    }
}
