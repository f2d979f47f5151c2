internal import Hashing

/// The layout of a segment.
///
///     "GLEV", format (1 byte), hash of settings and coder (16 bytes), epoch of the totals, totals (4 varints),
///     latest day (flag, zigzag), windows, counts, entries, pool, SipHash-2-4-64 of all that under the key (0, 0)
///
/// Numbers are LEB128 varints, words little-endian. Windows are in the order of priority and are referred to by their
/// place; places and latents are written as distances. Identities and priorities follow from the token ids.
enum SegmentFormat {
    static let magic: [UInt8] = Array("GLEV".utf8)
    static let version: UInt8 = 1
    static let checksumLength = 8

    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: false)
        hasher.update(UInt64(bytes.count))
        hasher.updateByWords(bytes)
        return hasher.finalize64()
    }
}

extension LatentCounts {
    func write(to writer: inout ByteWriter) {
        writer.varint(tokensFired)
        writer.varint(windowsFired)
        writer.varint(sum)
        writer.varint(squares)
        writer.word(maximum.bitPattern)
        var mask: UInt32 = 0
        for bin in 0..<Self.bins where histogram[bin] > 0 { mask |= 1 << UInt32(bin) }
        writer.word(mask)
        for bin in 0..<Self.bins where histogram[bin] > 0 { writer.varint(histogram[bin]) }
    }

    init(from reader: inout ByteReader) throws(EvidenceError) {
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
    }
}
