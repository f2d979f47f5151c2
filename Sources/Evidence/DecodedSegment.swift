internal import Elements
internal import Hashing

/// A segment checked whole, so that a damaged one changes nothing; counts and entries are read again where they are needed.
struct DecodedSegment {
    /// Where something of some latents stands in the bytes: all that the segment has of one page.
    struct Section {
        let page: Int
        /// Where the first of the latents stands.
        let offset: Int
        /// The latent before it in the segment; -1 for none.
        let previous: Int
        /// How many latents there are.
        var latents = 0
    }

    /// One entry of a latent's list: the place of its window and where its firing starts in `bytes`.
    struct Entry {
        let latent: Int
        let list: SampleList
        let window: Int
        let document: DocumentMark
        let firing: Int
    }

    /// One entry of the pool, and the place of its window.
    typealias PooledWindow = (window: Int, document: DocumentMark, marks: PoolEntry.Marks, latents: LatentSet)

    let bytes: [UInt8]
    /// The sample size that was in force.
    private(set) var sample: Int
    private(set) var totals = StreamTotals()
    private(set) var totalsEpoch: UInt64 = 0
    private(set) var positions = InlineArray<12, UInt64>(repeating: 0)
    private(set) var sources: [(name: String, tokens: UInt64, contexts: UInt64)] = []
    private(set) var latestDay: Int64?
    private(set) var windows: [[UInt32]] = []
    /// By window, how many tokens it has: side by side, since every entry asks.
    private var lengths: [UInt16] = []
    /// By window, how many entries refer to it.
    private(set) var references: [UInt32] = []
    private(set) var counts: [Section] = []
    private(set) var entries: [Section] = []
    /// The latents that have entries, ascending.
    private(set) var latentsWithEntries: [Int32] = []
    private(set) var pool: [PooledWindow] = []

    private var format = SegmentFormat.version
    private let settings: ReservoirSettings
    private let latents: Int

    /// Reads a segment of a reservoir whose identity hash is `identity`; `nil` for whichever was stored.
    init(
        _ bytes: [UInt8], identity: Hash128?, settings: ReservoirSettings, latents: Int
    ) throws(EvidenceError) {
        self.bytes = bytes
        self.settings = settings
        sample = settings.sample
        self.latents = latents
        var reader = ByteReader(bytes, end: bytes.count - SegmentFormat.checksumLength)
        try readHeader(&reader, of: bytes, identity: identity)
        try readWindows(&reader)
        try readCounts(&reader)
        try readEntries(&reader)
        try readPool(&reader)
        guard reader.remaining == 0 else { throw reader.fault("\(reader.remaining) bytes follow its end") }
    }

    private mutating func readHeader(
        _ reader: inout ByteReader, of bytes: [UInt8], identity: Hash128?
    ) throws(EvidenceError) {
        guard try reader.raw(SegmentFormat.magic.count).elementsEqual(SegmentFormat.magic) else {
            throw .malformedSegment(offset: 0, "it does not start with GLEV")
        }
        let first = try reader.byte()
        let isInPieces = first & SegmentFormat.inPieces != 0
        format = first & ~SegmentFormat.inPieces
        guard (SegmentFormat.oldest...SegmentFormat.version).contains(format) else {
            throw .segmentVersion(found: Int(format), expected: Int(SegmentFormat.version))
        }
        let end = bytes.count - SegmentFormat.checksumLength
        var trailer = ByteReader(Array(bytes[end...]), end: SegmentFormat.checksumLength)
        guard try trailer.word(UInt64.self) == SegmentFormat.checksum(bytes[..<end], inPieces: isInPieces) else {
            throw .malformedSegment(offset: end, "its checksum is not that of its bytes")
        }
        let stored = try reader.hash()
        guard identity == nil || stored == identity else { throw .foreignSegment }
        if format > SegmentFormat.unlowered {
            sample = try reader.index(below: settings.sample + 1, "the sample size")
            guard sample >= 2 else { throw reader.fault("the sample size is \(sample), expected at least 2") }
        }
        totalsEpoch = try reader.varint(UInt64.self)
        totals = try reader.totals()
        if format > 1 {
            positions = try reader.positions()
            sources = try reader.sources()
        }
        latestDay = try reader.day()
    }

    /// Adds a latent, which starts at `offset`, to the section of its page.
    private static func add(_ latent: Int, after previous: Int, at offset: Int, to sections: inout [Section]) {
        let page = latent / LatentPage.latents
        if sections.last?.page != page { sections.append(Section(page: page, offset: offset, previous: previous)) }
        sections[sections.count - 1].latents += 1
    }

    private func readDocument(_ reader: inout ByteReader) throws(EvidenceError) -> DocumentMark {
        format > 1 ? DocumentMark(value: try reader.word(UInt32.self)) : .unknown
    }

    private mutating func readWindows(_ reader: inout ByteReader) throws(EvidenceError) {
        let count = try reader.count(of: "windows", size: 1 + (settings.window + 1) / 2)
        windows.reserveCapacity(count)
        for _ in 0..<count {
            let length = try reader.index(below: settings.window + 1, "a window's length")
            guard 2 * length >= settings.window else { throw reader.fault("a window has \(length) tokens, too few") }
            var tokens: [UInt32] = []
            tokens.reserveCapacity(length)
            for _ in 0..<length { tokens.append(try reader.varint(UInt32.self)) }
            windows.append(tokens)
            lengths.append(UInt16(truncatingIfNeeded: length))
        }
    }

    private mutating func readCounts(_ reader: inout ByteReader) throws(EvidenceError) {
        let count = try reader.count(of: "counts", size: 14)
        var latent = -1
        for _ in 0..<count {
            let (offset, previous) = (reader.offset, latent)
            latent = try readCount(after: previous, from: &reader).latent
            Self.add(latent, after: previous, at: offset, to: &counts)
        }
    }

    private func readCount(
        after previous: Int, from reader: inout ByteReader
    ) throws(EvidenceError) -> (latent: Int, epoch: UInt64, counts: LatentCounts) {
        let latent = try reader.next(after: previous, below: latents, "a latent")
        let epoch = try reader.varint(UInt64.self)
        return (latent, epoch, try LatentCounts(from: &reader, format: format, sources: sources.count))
    }

    private mutating func readEntries(_ reader: inout ByteReader) throws(EvidenceError) {
        let count = try reader.count(of: "latents", size: 1 + SampleList.allCases.count)
        latentsWithEntries.reserveCapacity(count)
        var references = [UInt32](repeating: 0, count: windows.count)
        var latent = -1
        for _ in 0..<count {
            let (offset, previous) = (reader.offset, latent)
            latent = try checkLatent(after: previous, from: &reader, &references)
            latentsWithEntries.append(Int32(latent))
            Self.add(latent, after: previous, at: offset, to: &entries)
        }
        self.references = references
    }

    /// Reads past the entries of one latent, and counts those that refer to each window.
    private func checkLatent(
        after previous: Int, from reader: inout ByteReader, _ references: inout [UInt32]
    ) throws(EvidenceError) -> Int {
        let latent = try reader.next(after: previous, below: latents, "a latent")
        let limits = settings.lowered(sampleTo: sample)
        for list in SampleList.allCases {
            let size = try reader.count(of: "entries", size: 5)
            let capacity = limits.capacity(of: list)
            guard size <= capacity else {
                throw reader.fault("a list has \(size) entries, expected at most \(capacity)")
            }
            var window = -1
            for _ in 0..<size {
                window = try reader.next(after: window, below: lengths.count, "a window")
                _ = try readDocument(&reader)
                try reader.checkFiring(tokens: Int(lengths[window]))
                references[window] &+= 1
            }
        }
        return latent
    }

    private mutating func readPool(_ reader: inout ByteReader) throws(EvidenceError) {
        let count = try reader.count(of: "pool windows", size: 4)
        guard count <= settings.pool else {
            throw reader.fault("the pool has \(count) windows, expected at most \(settings.pool)")
        }
        pool.reserveCapacity(count)
        var window = -1
        for _ in 0..<count {
            window = try reader.next(after: window, below: windows.count, "a window")
            let document = try readDocument(&reader)
            let marks = PoolEntry.Marks(rawValue: try reader.byte())
            guard !marks.isEmpty, marks.isSubset(of: .sides) else {
                throw reader.fault("a pool window has the sides \(marks.rawValue), expected 1 to 3")
            }
            let length = try reader.count(of: "bytes of latents", size: 1)
            pool.append((window, document, marks, try LatentSet(reading: try reader.raw(length), universe: latents)))
        }
    }

    /// By window, how many entries of some sections refer to it.
    func references(in sections: [Section]) -> [UInt32] {
        var references = [UInt32](repeating: 0, count: windows.count)
        for section in sections { forEachEntry(in: section) { references[$0.window] &+= 1 } }
        return references
    }

    /// Shows each of the counts of a section.
    func forEachCount(in section: Section, _ show: (_ latent: Int, _ epoch: UInt64, LatentCounts) -> Void) {
        var reader = ByteReader(bytes, from: section.offset, end: bytes.count - SegmentFormat.checksumLength)
        var latent = section.previous
        for _ in 0..<section.latents {
            // It was read before, so that nothing can be wrong with it.
            guard let found = try? readCount(after: latent, from: &reader) else { return }
            latent = found.latent
            show(found.latent, found.epoch, found.counts)
        }
    }

    /// Shows each entry of a section, latent after latent and list after list, by ascending priority.
    func forEachEntry(in section: Section, _ show: (Entry) -> Void) {
        bytes.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return }
            // All of it was read before, so that nothing can be wrong with it.
            var next = start + section.offset
            var latent = section.previous
            for _ in 0..<section.latents {
                latent += 1 + LEB128.number(at: &next)
                for list in SampleList.allCases {
                    var window = -1
                    for _ in 0..<LEB128.number(at: &next) {
                        window += 1 + LEB128.number(at: &next)
                        var document = DocumentMark.unknown
                        if format > 1 {
                            let word = UnsafeRawPointer(next).loadUnaligned(as: UInt32.self)
                            document = DocumentMark(value: UInt32(littleEndian: word))
                            next += 4
                        }
                        show(
                            Entry(latent: latent, list: list, window: window, document: document, firing: next - start))
                        next += Firing.byteCount(next)
                    }
                }
            }
        }
    }
}
