internal import Elements

/// A set of latents in few bytes: the distances between them as varints (tag 0) or a bit each (tag 1), whichever is
/// shorter, so that equal sets have equal bytes and none takes more than an eighth of a byte per latent of the coder.
struct LatentSet: Sendable, Hashable {
    let bytes: [UInt8]

    /// Packs ascending latents of a coder with `universe` of them.
    init(ascending latents: [Int32], universe: Int) {
        var writer = ByteWriter()
        writer.byte(0)
        var previous: Int32 = -1
        let bitmapLength = Self.bitmapLength(universe)
        for latent in latents {
            writer.varint(UInt32(latent - previous - 1))
            previous = latent
        }
        if writer.bytes.count <= bitmapLength {
            bytes = Array(writer.bytes[...])
            return
        }
        var bits = [UInt8](repeating: 0, count: bitmapLength)
        bits[0] = 1
        for latent in latents { bits[1 + Int(latent) / 8] |= 1 << UInt8(latent % 8) }
        bytes = bits
    }

    /// Reads packed bytes; throws if they are not what `init(ascending:universe:)` makes.
    init(reading packed: ArraySlice<UInt8>, universe: Int) throws(EvidenceError) {
        let bytes = Array(packed)
        var reader = ByteReader(bytes, end: bytes.count)
        var latents: [Int32] = []
        switch try reader.byte() {
        case 0:
            var previous = -1
            while reader.remaining > 0 {
                previous = try reader.next(after: previous, below: universe, "a latent")
                latents.append(Int32(previous))
            }
        case 1:
            guard bytes.count == Self.bitmapLength(universe) else {
                throw reader.fault("a set of latents is cut short")
            }
            latents = Self.latents(ofBitmap: bytes)
            if let last = latents.last, Int(last) >= universe { throw reader.fault("a latent is beyond \(universe)") }
        case let tag: throw reader.fault("a set of latents has tag \(tag), expected 0 or 1")
        }
        self.init(ascending: latents, universe: universe)
        guard self.bytes == bytes else { throw reader.fault("a set of latents is not in its shortest form") }
    }

    /// The latents, ascending.
    var latents: [Int32] {
        if bytes[0] == 1 { return Self.latents(ofBitmap: bytes) }
        var result: [Int32] = []
        result.reserveCapacity(bytes.count)
        var next: Int32 = 0
        var number = LEB128.Reader<UInt32>()
        for byte in bytes.dropFirst() {
            // Both initialisers have made sure that every latent is one of the coder's.
            guard let step = try? number.take(byte) else { continue }
            result.append(next + Int32(step))
            next += Int32(step) + 1
        }
        return result
    }

    /// The set with some more latents, which are ascending.
    func union(_ more: [Int32], universe: Int) -> LatentSet {
        let own = latents
        var merged: [Int32] = []
        merged.reserveCapacity(own.count + more.count)
        var left = 0
        var right = 0
        while left < own.count || right < more.count {
            if right == more.count || left < own.count && own[left] < more[right] {
                merged.append(own[left])
                left += 1
            } else {
                if left < own.count, own[left] == more[right] { left += 1 }
                merged.append(more[right])
                right += 1
            }
        }
        return merged.count == own.count ? self : LatentSet(ascending: merged, universe: universe)
    }

    /// The most bytes that a set can take.
    static func bitmapLength(_ universe: Int) -> Int { 1 + universe / 8 + (universe % 8 == 0 ? 0 : 1) }

    private static func latents(ofBitmap bytes: [UInt8]) -> [Int32] {
        var result: [Int32] = []
        for index in 1..<bytes.count {
            var rest = bytes[index]
            while rest != 0 {
                result.append(Int32((index - 1) * 8 + rest.trailingZeroBitCount))
                rest &= rest - 1
            }
        }
        return result
    }
}
