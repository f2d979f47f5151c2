internal import Elements
internal import Hashing

/// Writes integers as LEB128 varints and as little-endian words.
///
/// The bytes are gathered in one array, or passed on in pieces as they come.
struct ByteWriter {
    /// What has been written and not passed on.
    private(set) var bytes: [UInt8] = []
    /// Whether bytes are passed on as they come.
    let isInPieces: Bool
    private let pieceLength: Int
    private let passOn: ([UInt8]) -> Void
    private var passed = SegmentFormat.RunningChecksum()

    /// Gathers everything; up to `capacity` bytes without taking more memory.
    init(capacity: Int = 0) {
        isInPieces = false
        pieceLength = .max
        passOn = { _ in }
        bytes.reserveCapacity(capacity)
    }

    /// Passes bytes on in pieces of about `pieceLength`: a piece ends where something begins that has a count.
    init(pieceLength: Int, passOn: @escaping ([UInt8]) -> Void) {
        isInPieces = true
        self.pieceLength = pieceLength
        self.passOn = passOn
    }

    /// The checksum of all that has been written.
    var checksum: UInt64 {
        guard isInPieces else { return SegmentFormat.checksum(bytes[...]) }
        var all = passed
        all.add(bytes[...])
        return all.value
    }

    /// Passes on what is left.
    mutating func flush() {
        passed.add(bytes[...])
        passOn(bytes)
        bytes.removeAll(keepingCapacity: true)
    }

    /// Passes on what has been written if it is long enough for a piece.
    mutating func endPiece() { if bytes.count >= pieceLength { flush() } }

    /// Adds what another writer has gathered.
    mutating func add(_ piece: [UInt8]) {
        guard isInPieces else { return bytes.append(contentsOf: piece) }
        if !bytes.isEmpty { flush() }
        passed.add(piece[...])
        guard piece.count > pieceLength else { return passOn(piece) }
        for start in stride(from: 0, to: piece.count, by: pieceLength) {
            passOn(Array(piece[start..<min(start + pieceLength, piece.count)]))
        }
    }

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func raw(_ value: some Sequence<UInt8>) { bytes.append(contentsOf: value) }

    mutating func varint(_ value: some UnsignedInteger & FixedWidthInteger) {
        // Most numbers are short.
        if value < 0x80 { return bytes.append(UInt8(truncatingIfNeeded: value)) }
        LEB128.append(value, to: &bytes)
    }

    /// Writes a count or an index, which is never negative.
    mutating func count(_ value: Int) {
        endPiece()
        varint(UInt(max(0, value)))
    }

    /// Writes a signed integer, zigzag-coded so that small magnitudes are short.
    mutating func signed(_ value: Int64) { varint(UInt64(bitPattern: value << 1 ^ value >> 63)) }

    mutating func word(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func hash(_ value: Hash128) {
        word(value.low)
        word(value.high)
    }
}
