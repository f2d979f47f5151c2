internal import Elements

extension StreamCounts {
    /// The counts as bytes, by the layout of a segment's: totals, tokens by position, sources by name, latents ascending.
    public var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.totals(totals)
        writer.day(latestDay)
        let sources = sources.byName
        writer.breakdown(positions, sources.map(\.source))
        writer.count(latents.count)
        var previous = -1
        for (latent, counts) in latents.sorted(by: { $0.key < $1.key }) {
            writer.count(Int(latent) - previous - 1)
            previous = Int(latent)
            counts.write(to: &writer, sources: sources.map(\.place))
        }
        return writer.bytes
    }

    /// Reads counts of a coder that has so many latents.
    ///
    /// - Throws: `EvidenceError.malformedSegment` for bytes that are something else.
    public init(_ bytes: [UInt8], latents total: Int) throws(EvidenceError) {
        self.init()
        var reader = ByteReader(bytes, end: bytes.count)
        totals = try reader.totals()
        latestDay = try reader.day()
        positions = try reader.positions()
        let named = try reader.sources()
        var places: [Int?] = []
        for source in named {
            let (place, cleared) = sources.admit(source.name)
            guard let place, cleared == nil else { throw reader.fault("there are more sources than are told apart") }
            sources.replace(tokens: source.tokens, contexts: source.contexts, at: place)
            places.append(place)
        }
        let count = try reader.count(of: "latents", size: 13)
        var latent = -1
        for _ in 0..<count {
            latent = try reader.next(after: latent, below: total, "a latent")
            var counts = try LatentCounts(from: &reader, format: SegmentFormat.version, sources: named.count)
            counts.move(sources: places)
            latents[Int32(truncatingIfNeeded: latent)] = counts
        }
        guard reader.remaining == 0 else { throw reader.fault("\(reader.remaining) bytes follow its end") }
    }
}

extension LatentCounts {
    /// The most bytes that the counts of one latent take: numbers of 64 bits in ten bytes, those of 128 in nineteen.
    static let mostBytes =
        10 + 2 * 10 + 2 * 19 + 4 + 4 + 10 * bins + 5 + 10 * PositionBins.count
        + 10 * SourceTable.capacity
}

extension ByteWriter {
    mutating func totals(_ totals: StreamTotals) {
        for total in [totals.tokens, totals.contexts, totals.windows, totals.shortWindows] { varint(total) }
    }

    mutating func day(_ day: Int64?) {
        byte(day == nil ? 0 : 1)
        if let day { signed(day) }
    }

    mutating func breakdown(_ positions: InlineArray<12, UInt64>, _ sources: [SourceTable.Source]) {
        for bin in 0..<PositionBins.count { varint(positions[bin]) }
        count(sources.count)
        for source in sources {
            count(source.name.utf8.count)
            raw(source.name.utf8)
            varint(source.tokens)
            varint(source.contexts)
        }
    }
}

extension ByteReader {
    mutating func totals() throws(EvidenceError) -> StreamTotals {
        var totals = StreamTotals()
        totals.tokens = try varint(UInt64.self)
        totals.contexts = try varint(UInt64.self)
        totals.windows = try varint(UInt64.self)
        totals.shortWindows = try varint(UInt64.self)
        return totals
    }

    mutating func day() throws(EvidenceError) -> Int64? {
        switch try byte() {
        case 0: return nil
        case 1:
            let day = try signed()
            // The days that a time in milliseconds can name.
            let farthest = Int64.max / 86_400_000 + 1
            guard (-farthest...farthest).contains(day) else { throw fault("a day is \(day)") }
            return day
        case let flag: throw fault("a flag is \(flag), expected 0 or 1")
        }
    }

    mutating func positions() throws(EvidenceError) -> InlineArray<12, UInt64> {
        var positions = InlineArray<12, UInt64>(repeating: 0)
        for bin in 0..<PositionBins.count { positions[bin] = try varint(UInt64.self) }
        return positions
    }

    /// Sources by ascending name.
    mutating func sources() throws(EvidenceError) -> [(name: String, tokens: UInt64, contexts: UInt64)] {
        var sources: [(name: String, tokens: UInt64, contexts: UInt64)] = []
        let count = try index(below: SourceTable.capacity + 1, "the number of sources")
        for _ in 0..<count {
            let length = try index(below: 4 * SourceTable.nameLength + 1, "the length of a source's name")
            let name = String(validating: try raw(length), as: UTF8.self)
            guard let name, name.unicodeScalars.count <= SourceTable.nameLength,
                sources.allSatisfy({ $0.name < name })
            else { throw fault("a source's name is not UTF-8, too long or out of order") }
            sources.append((name, try varint(UInt64.self), try varint(UInt64.self)))
        }
        return sources
    }
}
