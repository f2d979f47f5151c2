internal import Elements
internal import Hashing

/// Reads what `ByteWriter` wrote; anything else is an error, never a trap.
struct ByteReader {
    private let bytes: [UInt8]
    private(set) var offset: Int
    private let end: Int

    /// Reads `bytes` from `offset` up to `end`.
    init(_ bytes: [UInt8], from offset: Int = 0, end: Int) {
        self.bytes = bytes
        self.offset = offset
        self.end = min(end, bytes.count)
    }

    var remaining: Int { end - offset }

    func fault(_ what: String) -> EvidenceError { .malformedSegment(offset: offset, what) }

    mutating func byte() throws(EvidenceError) -> UInt8 {
        guard offset < end else { throw fault("it ends too early") }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func raw(_ count: Int) throws(EvidenceError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw fault("it ends too early") }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    mutating func varint<Value: UnsignedInteger & FixedWidthInteger>(
        _ type: Value.Type
    ) throws(EvidenceError) -> Value {
        // Most numbers are short.
        if offset < end, bytes[offset] < 0x80 {
            defer { offset += 1 }
            return Value(bytes[offset])
        }
        var number = LEB128.Reader<Value>()
        while true {
            let next = try byte()
            do {
                if let value = try number.take(next) { return value }
            } catch {
                throw fault("a number does not fit \(Value.bitWidth) bits")
            }
        }
    }

    /// Reads an integer below `limit`.
    mutating func index(below limit: Int, _ what: String) throws(EvidenceError) -> Int {
        let value = try varint(UInt64.self)
        guard value < UInt64(clamping: limit) else { throw fault("\(what) is \(value), expected less than \(limit)") }
        return Int(value)
    }

    /// Reads the number of elements that follow, each of at least `size` bytes, so that a false number cannot ask for
    /// memory.
    mutating func count(of what: String, size: Int) throws(EvidenceError) -> Int {
        let value = try varint(UInt64.self)
        guard value <= UInt64(remaining / max(1, size)) else {
            throw fault("\(value) \(what) are announced, but only \(remaining) bytes follow")
        }
        return Int(value)
    }

    /// Reads an index that is written as its distance from the one before, `previous` (-1 before the first).
    mutating func next(after previous: Int, below limit: Int, _ what: String) throws(EvidenceError) -> Int {
        let step = try index(below: limit, what)
        guard step < limit - previous - 1 else { throw fault("\(what) is beyond \(limit)") }
        return previous + 1 + step
    }

    mutating func signed() throws(EvidenceError) -> Int64 {
        let value = try varint(UInt64.self)
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func word<Value: FixedWidthInteger & UnsignedInteger>(_ type: Value.Type) throws(EvidenceError) -> Value {
        let size = Value.bitWidth / 8
        guard size <= remaining else { throw fault("it ends too early") }
        defer { offset += size }
        return bytes.withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self)) }
    }

    mutating func hash() throws(EvidenceError) -> Hash128 {
        let low = try word(UInt64.self)
        return Hash128(high: try word(UInt64.self), low: low)
    }

    /// Reads past a firing in a window of some tokens.
    mutating func checkFiring(tokens: Int) throws(EvidenceError) {
        let length = 3 * (Int(try byte()) + 1)
        guard length <= remaining else { throw fault("it ends too early") }
        var previous = -1
        for start in stride(from: offset, to: offset + length, by: 3) {
            let position = Int(bytes[start])
            guard position > previous, position < tokens else {
                throw fault("token \(position) fires after \(previous) in a window of \(tokens)")
            }
            previous = position
            let code = UInt16(bytes[start + 1]) | UInt16(bytes[start + 2]) << 8
            guard code != ActivationCode.silent, code <= ActivationCode.largest else {
                throw fault("an activation has the code \(code)")
            }
        }
        offset += length
    }
}
