internal import Elements
internal import Hashing

/// The layout of a segment.
///
///     "GLEV", format (1 byte), hash of settings and coder (16 bytes), sample size in force, epoch of the totals,
///     totals (4 varints), tokens by position, sources by name, latest day (flag, zigzag), windows, counts, entries,
///     pool, SipHash-2-4-64 of the number of all these bytes and of the bytes under the key (0, 0)
///
/// In a segment that is written in pieces the format has the bit 0x80, and the checksum is that of the bytes and then of
/// their number, which is not known before.
///
/// Format 2, of a reservoir whose sample was never lowered, has no sample size: it is that of the settings. Format 1 has
/// no counts by position and source and no documents either; it is read, not written. Numbers are LEB128 varints, words
/// little-endian. Windows are in the order of priority and are referred to by their place; places and latents are
/// written as distances. Identities and priorities follow from the token ids.
enum SegmentFormat {
    static let magic: [UInt8] = Array("GLEV".utf8)
    static let version: UInt8 = 3
    /// The format of a reservoir whose sample was never lowered, which earlier versions of Gloss read too.
    static let unlowered: UInt8 = 2
    /// The oldest format that is read.
    static let oldest: UInt8 = 1
    /// The bit of the format of a segment that was written in pieces.
    static let inPieces: UInt8 = 0x80
    static let checksumLength = 8

    /// The checksum of a segment that is written in pieces, to which bytes are added as they come.
    struct RunningChecksum {
        private var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: false)
        private var count: UInt64 = 0

        mutating func add(_ bytes: ArraySlice<UInt8>) {
            bytes.withUnsafeBytes { hasher.update(rawBytes: $0) }
            count += UInt64(bytes.count)
        }

        var value: UInt64 {
            var all = hasher
            all.update(count)
            return all.finalize64()
        }
    }

    static func checksum(_ bytes: ArraySlice<UInt8>, inPieces: Bool = false) -> UInt64 {
        if inPieces {
            var checksum = RunningChecksum()
            checksum.add(bytes)
            return checksum.value
        }
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: false)
        hasher.update(UInt64(bytes.count))
        hasher.updateByWords(bytes)
        return hasher.finalize64()
    }
}

extension LatentCounts {
    /// Writes the counts; those by source in the order of `sources`, which are places of the table.
    func write(to writer: inout ByteWriter, sources places: [Int]) {
        writer.varint(tokensFired)
        writer.varint(windowsFired)
        writer.varint(sum)
        writer.varint(squares)
        writer.word(maximum.bitPattern)
        var mask: UInt32 = 0
        for bin in 0..<Self.bins where histogram[bin] > 0 { mask |= 1 << UInt32(bin) }
        writer.word(mask)
        for bin in 0..<Self.bins where histogram[bin] > 0 { writer.varint(histogram[bin]) }
        var more: UInt32 = 0
        for bin in 0..<PositionBins.count where positions[bin] > 0 { more |= 1 << UInt32(bin) }
        for (order, place) in places.enumerated() where sources[place] > 0 {
            more |= 1 << UInt32(PositionBins.count + order)
        }
        writer.varint(more)
        for bin in 0..<PositionBins.count where positions[bin] > 0 { writer.varint(positions[bin]) }
        for place in places where sources[place] > 0 { writer.varint(sources[place]) }
    }

    /// Reads counts of a format; those by source stand in the order of the segment's sources, of which there are `count`.
    init(from reader: inout ByteReader, format: UInt8, sources count: Int) throws(EvidenceError) {
        tokensFired = try reader.varint(UInt64.self)
        windowsFired = try reader.varint(UInt64.self)
        sum = try reader.varint(UInt128.self)
        squares = try reader.varint(UInt128.self)
        maximum = Float(bitPattern: try reader.word(UInt32.self))
        guard maximum >= 0, maximum < .infinity else {
            throw reader.fault("a maximum is \(maximum), expected a finite number of at least 0")
        }
        let mask = try reader.word(UInt32.self)
        for bin in 0..<Self.bins where mask >> UInt32(bin) & 1 == 1 { histogram[bin] = try reader.varint(UInt64.self) }
        guard format > 1 else { return }
        let more = try reader.varint(UInt32.self)
        guard more >> UInt32(PositionBins.count + count) == 0 else {
            throw reader.fault("counts by source have the mask \(more), expected \(count) sources")
        }
        for bin in 0..<PositionBins.count where more >> UInt32(bin) & 1 == 1 {
            positions[bin] = try reader.varint(UInt64.self)
        }
        for place in 0..<count where more >> UInt32(PositionBins.count + place) & 1 == 1 {
            sources[place] = try reader.varint(UInt64.self)
        }
    }
}
