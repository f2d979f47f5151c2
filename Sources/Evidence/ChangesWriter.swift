internal import Elements

/// Writes changes in pieces of a bounded size, each of which can be read by itself.
struct ChangesWriter {
    /// What stands before the windows of each piece.
    private let header: [UInt8]
    private let limit: Int
    private(set) var pieces: [[UInt8]] = []
    private var writer = ByteWriter()
    /// The last latent of the window that is being written.
    private var previous: Int32 = 0
    private var hasEntries = false

    init(header: [UInt8], limit: Int) {
        self.header = header
        self.limit = limit
    }

    /// Writes a window with what has changed about it.
    ///
    /// - Parameters:
    ///   - tokens: The number of its tokens and these, as they are written.
    ///   - firing: The bytes of an entry's firing.
    mutating func write(
        tokens: [UInt8], pool: PoolEntry?, _ entries: ArraySlice<ChangedEntries.Entry>,
        firing: (ChangedEntries.Entry) -> ArraySlice<UInt8>
    ) {
        let document = pool?.document ?? entries.first?.document ?? .unknown
        let first = tokens.count + 10 + (pool.map { 14 + $0.latents.bytes.count } ?? 0)
        if !writer.bytes.isEmpty, writer.bytes.count + first > limit { end() }
        begin(tokens, document, pool)
        var index = entries.startIndex
        while index < entries.endIndex {
            var entry = entries[index]
            let bytes = firing(entry)
            index += 1
            // The same latent in another of its lists, as a rule with the same firing.
            while index < entries.endIndex, entries[index].latent == entry.latent,
                entries[index].document == entry.document, firing(entries[index]) == bytes
            {
                entry.lists.formUnion(entries[index].lists)
                index += 1
            }
            if hasEntries, writer.bytes.count + 10 + bytes.count > limit {
                writer.byte(0)
                end()
                begin(tokens, document, nil)
            }
            let isOwn = entry.document != document
            writer.byte(entry.lists.rawValue | (isOwn ? ChangesFormat.hasDocument : 0))
            writer.varint(UInt32(bitPattern: entry.latent - previous))
            (previous, hasEntries) = (entry.latent, true)
            if isOwn { writer.word(entry.document.value) }
            writer.raw(bytes)
        }
        writer.byte(0)
    }

    private mutating func begin(_ tokens: [UInt8], _ document: DocumentMark, _ pool: PoolEntry?) {
        if writer.bytes.isEmpty { writer.raw(header) }
        writer.raw(tokens)
        writer.word(document.value)
        (previous, hasEntries) = (0, false)
        guard let pool else { return writer.byte(0) }
        writer.byte(pool.marks.intersection(.sides).rawValue)
        writer.word(pool.document.value)
        writer.count(pool.latents.bytes.count)
        writer.raw(pool.latents.bytes)
    }

    /// Ends the piece that is being written, if there is one.
    mutating func end() {
        guard !writer.bytes.isEmpty else { return }
        writer.byte(0)
        writer.word(writer.checksum)
        pieces.append(writer.bytes)
        writer = ByteWriter()
    }
}
