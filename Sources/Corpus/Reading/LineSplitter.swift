import Elements
import Glibc
import Hashing

/// Cuts a text that arrives in pieces into lines, holding at most one line and never one that is too large.
///
/// A line ends in LF or CR LF, the last one also in nothing. Lines of nothing but spaces, tabs and CR are passed over.
struct LineSplitter {
    private let maximumBytes: Int
    private var lineStart: Int64
    private var pending: [UInt8] = []
    private var excess: Excess?

    /// The part of a line that is not held.
    private struct Excess {
        var hasher: SipHasher
        var size: Int
        /// A CR that belongs to the line only if no LF follows.
        var hasTrailingReturn: Bool

        mutating func add(_ bytes: UnsafeRawBufferPointer) {
            guard let last = bytes.last else { return }
            if hasTrailingReturn { withUnsafeBytes(of: carriageReturn) { append($0) } }
            hasTrailingReturn = last == carriageReturn
            append(UnsafeRawBufferPointer(rebasing: hasTrailingReturn ? bytes.dropLast() : bytes[...]))
        }

        private mutating func append(_ bytes: UnsafeRawBufferPointer) {
            hasher.update(rawBytes: bytes)
            size += bytes.count
        }
    }

    /// Starts at a line's first byte, which has the offset `start` in the whole text.
    init(start: Int64, maximumBytes: Int) {
        lineStart = start
        self.maximumBytes = maximumBytes
    }

    /// Takes the next piece of the text and gives the lines that end in it.
    mutating func split(_ piece: UnsafeRawBufferPointer, emit: (Line) -> Void) {
        var rest = piece[...]
        while let base = rest.base.baseAddress, !rest.isEmpty {
            let start = base + rest.startIndex
            guard let found = memchr(start, Int32(lineFeed), rest.count) else {
                hold(UnsafeRawBufferPointer(rebasing: rest))
                return
            }
            let length = UnsafeRawPointer(found) - start
            hold(UnsafeRawBufferPointer(start: start, count: length))
            if let line = endLine(lineBreak: 1) { emit(line) }
            rest = rest.dropFirst(length + 1)
        }
    }

    /// The last line, if the text does not end in a line break.
    mutating func finish() -> Line? { endLine(lineBreak: 0) }

    private mutating func hold(_ bytes: UnsafeRawBufferPointer) {
        if excess != nil {
            excess?.add(bytes)
            return
        }
        pending.append(contentsOf: bytes)
        // One byte more may be the CR of the line break.
        guard pending.count > maximumBytes, pending.count - 1 > maximumBytes else { return }
        giveUpHolding()
    }

    private mutating func giveUpHolding() {
        var whole = Excess(hasher: SipHasher(key: SipKey(k0: 0, k1: 0), wide: false), size: 0, hasTrailingReturn: false)
        pending.withUnsafeBytes { whole.add($0) }
        excess = whole
        pending = Array(pending.prefix(DeadLetter.keptBytes))
    }

    private mutating func endLine(lineBreak: Int64) -> Line? {
        let start = lineStart
        if excess == nil, pending.count > maximumBytes, pending.last != carriageReturn { giveUpHolding() }
        if let excess {
            self.excess = nil
            let held = excess.hasTrailingReturn
            lineStart += Int64(excess.size) + (held ? 1 : 0) + lineBreak
            defer { pending = [] }
            return Line(
                offset: start, next: lineStart, bytes: Array(pending.prefix(excess.size)), size: excess.size,
                hashOfWhole: excess.hasher.finalize64())
        }
        lineStart += Int64(pending.count) + lineBreak
        defer { pending.removeAll(keepingCapacity: pending.capacity <= 1 << 20) }
        let bytes = pending.last == carriageReturn ? pending.dropLast() : pending[...]
        guard bytes.contains(where: { !$0.isBlank }) else { return nil }
        return Line(offset: start, next: lineStart, bytes: Array(bytes), size: bytes.count, hashOfWhole: nil)
    }
}

private let lineFeed = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")

extension UInt8 {
    fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 || self == carriageReturn }
}
