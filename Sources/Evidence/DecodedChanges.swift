internal import Elements
internal import Hashing

/// What has changed of another reservoir, checked whole, so that what is damaged changes nothing.
struct DecodedChanges {
    /// An entry of a latent in some of its lists; its firing starts at `firing` in `bytes`.
    struct Entry {
        let latent: Int32
        let window: Int32
        let firing: UInt32
        let document: DocumentMark
        let lists: SampleList.Choice
    }

    let bytes: [UInt8]
    /// The sample size that was in force.
    private(set) var sample = 0
    private(set) var latestDay: Int64?
    private(set) var windows: [[UInt32]] = []
    /// The entries, window after window.
    private(set) var entries: [Entry] = []
    private(set) var pool: [DecodedSegment.PooledWindow] = []

    /// Reads what a reservoir whose identity hash is `identity` has written; `owns` tells the latents that may be among it.
    init(
        _ bytes: [UInt8], identity: Hash128, settings: ReservoirSettings, latents: Int, owns: (_ latent: Int) -> Bool
    ) throws(EvidenceError) {
        self.bytes = bytes
        let end = bytes.count - SegmentFormat.checksumLength
        var reader = ByteReader(bytes, end: end)
        guard try reader.raw(ChangesFormat.magic.count).elementsEqual(ChangesFormat.magic) else {
            throw .malformedSegment(offset: 0, "it does not start with GLCH")
        }
        let format = try reader.byte()
        guard format == ChangesFormat.version else {
            throw .segmentVersion(found: Int(format), expected: Int(ChangesFormat.version))
        }
        var trailer = ByteReader(Array(bytes[end...]), end: SegmentFormat.checksumLength)
        guard try trailer.word(UInt64.self) == SegmentFormat.checksum(bytes[..<end]) else {
            throw .malformedSegment(offset: end, "its checksum is not that of its bytes")
        }
        guard try reader.hash() == identity else { throw .foreignSegment }
        sample = try reader.index(below: settings.sample + 1, "the sample size")
        guard sample >= 2 else { throw reader.fault("the sample size is \(sample), expected at least 2") }
        latestDay = try reader.day()
        while true {
            let length = try reader.index(below: settings.window + 1, "a window's length")
            guard length > 0 else { break }
            guard 2 * length >= settings.window else { throw reader.fault("a window has \(length) tokens, too few") }
            try readWindow(length, from: &reader, latents: latents, owns: owns)
        }
        guard pool.count <= settings.pool else {
            throw reader.fault("the pool has \(pool.count) windows, expected at most \(settings.pool)")
        }
        guard reader.remaining == 0 else { throw reader.fault("\(reader.remaining) bytes follow its end") }
    }

    private mutating func readWindow(
        _ length: Int, from reader: inout ByteReader, latents: Int, owns: (_ latent: Int) -> Bool
    ) throws(EvidenceError) {
        var tokens: [UInt32] = []
        tokens.reserveCapacity(length)
        for _ in 0..<length { tokens.append(try reader.varint(UInt32.self)) }
        let window = windows.count
        windows.append(tokens)
        let document = DocumentMark(value: try reader.word(UInt32.self))
        let marks = PoolEntry.Marks(rawValue: try reader.byte())
        if !marks.isEmpty {
            guard marks.isSubset(of: .sides) else {
                throw reader.fault("a pool window has the sides \(marks.rawValue), expected 1 to 3")
            }
            let own = DocumentMark(value: try reader.word(UInt32.self))
            let size = try reader.count(of: "bytes of latents", size: 1)
            pool.append((window, own, marks, try LatentSet(reading: try reader.raw(size), universe: latents)))
        }
        var latent = 0
        while true {
            let lists = try reader.byte()
            guard lists != 0 else { return }
            let choice = SampleList.Choice(rawValue: lists & ChangesFormat.lists)
            guard lists & ~(ChangesFormat.lists | ChangesFormat.hasDocument) == 0, !choice.isEmpty else {
                throw reader.fault("an entry has the lists \(lists)")
            }
            latent += try reader.index(below: latents - latent, "a latent")
            guard owns(latent) else { throw reader.fault("it has latent \(latent), which is of another share") }
            let hasOwn = lists & ChangesFormat.hasDocument != 0
            let own = hasOwn ? DocumentMark(value: try reader.word(UInt32.self)) : document
            let start = reader.offset
            try reader.checkFiring(tokens: length)
            entries.append(
                Entry(
                    latent: Int32(latent), window: Int32(window), firing: UInt32(start), document: own, lists: choice))
        }
    }
}
